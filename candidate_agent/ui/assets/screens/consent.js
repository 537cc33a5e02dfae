// What is recorded, one stage at a time; the same once more on one page; and what a refusal leads to.
import {h} from "../dom.js";
import {arrangedList} from "../arranged.js";
import {icon} from "../icons.js";
import {say, word} from "../texts.js";
import {labelled} from "./parts.js";

const KINDS = {captured, never, statement};

export function consent(view, tools) {
  return [stages(view, tools), KINDS[view.kind](view), arrangedList(view.arranged_here)];
}

function stages(view, tools) {
  return h("nav", {key: "stages", class: "stages", "aria-label": word("consent.stages")},
    h("p", {class: "small muted"}, say(view.step)),
    h("ol", {}, view.stages.map((entry) => h("li", {key: entry.id, class: entry.state, "aria-current": entry.state === "now" ? "step" : null}, stageMark(entry, tools)))));
}

function stageMark(entry, tools) {
  const inside = [entry.state === "read" && icon("check"), h("span", {}, say(entry.name)), entry.state === "read" && h("span", {class: "unseen"}, word("consent.read"))];
  if (!entry.open) return h("span", {key: "mark", class: "stage-mark"}, inside);
  return h("button", {id: `consent-to-${entry.id}`, type: "button", class: "quiet stage-mark", onclick: () => tools.act("consent_turn", {item: entry.id})}, inside);
}

function captured(view) {
  const rows = [["detail", view.part, view.detail], ["why", "help", [view.why]], ["who", "person", [view.who]], ["keep", "clock", [view.keep]]];
  return h("dl", {key: "captured", class: "answers"}, rows.map(([name, mark, texts]) => h("div", {key: name},
    h("dt", {}, icon(mark), h("span", {}, word(`consent.${name}.title`))), h("dd", {dir: "auto"}, texts.map((text, index) => h("p", {key: `p${index}`}, say(text)))))));
}

function never(view) {
  return h("div", {key: "never", class: "pair"}, crossed(view), biometrics(view));
}

function crossed(view) {
  return h("section", {key: "crossed", class: "box"}, h("h2", {class: "with-icon"}, icon("lock"), word("consent.never.title")),
    h("ul", {class: "crosses"}, view.never.map((entry) => h("li", {key: entry.key}, icon("close"), h("span", {}, say(entry))))));
}

function biometrics(view) {
  return h("section", {key: "biometrics", class: "box"}, h("h2", {class: "with-icon"}, icon("person"), say(view.biometrics_title)), h("p", {}, say(view.biometrics)));
}

function statement(view) {
  return h("div", {key: "statement", class: "agreement"}, oath(view),
    h("section", {class: "box"}, h("h2", {}, word("consent.summary")), h("ul", {class: "ticks"}, view.summary.map((entry) => h("li", {key: entry.key}, icon("check"), h("span", {}, say(entry)))))));
}

function oath(view) {
  return h("section", {key: "oath", class: "statement"}, h("h2", {}, word("consent.statement")), h("p", {class: "long", dir: "auto"}, say(view.statement)),
    h("p", {class: "small muted"}, word("consent.version", {version: view.version})));
}

export function reread(view) {
  return [
    h("section", {key: "what"}, h("h2", {}, word("consent.what")),
      h("ul", {class: "facts"}, view.captures.map((entry) => h("li", {key: entry.id}, icon(entry.id), h("div", {}, h("p", {class: "strong"}, say(entry.what)), entry.detail.map((text, index) => h("p", {key: `p${index}`}, say(text))), h("p", {class: "muted"}, say(entry.why))))))),
    h("div", {key: "pair", class: "pair"},
      h("section", {class: "box"}, h("h2", {class: "with-icon"}, icon("person"), word("consent.who.title")), h("p", {}, say(view.who)),
        h("h2", {class: "with-icon"}, icon("clock"), word("consent.keep.title")), h("p", {}, say(view.keep))),
      crossed(view), biometrics(view)),
    oath(view),
    say(view.contact) && labelled("contact", "refused.contact", view.contact),
  ];
}

export function refused(view) {
  return [
    view.reason && labelled("reason", "refused.reason", view.reason),
    labelled("alternative", "refused.alternative", view.alternative),
    labelled("contact", "refused.contact", view.contact),
  ];
}
