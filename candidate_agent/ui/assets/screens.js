// The body of each screen under its heading and its lead sentence.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {format, has, say, word, bytes} from "./texts.js";
import {closer, program} from "./programs.js";

const MARK = {pass: "check", warn: "look", fail: "stop", person: "person", unmeasured: "help", measuring: "wait", waiting: "wait"};
const TONE = {pass: "fine", warn: "look", fail: "stop", person: "look", unmeasured: "still", measuring: "still", waiting: "still"};
const STATE = {
  not_yet: ["wait", "still"], taken: ["wait", "still"], sent: ["send", "still"], asked_again: ["look", "look"], approved: ["check", "fine"], skipped: ["check", "still"],
};

export const BODY = {joining, consent, refused, checks, identity: step, room: step, waiting, paused, over, problem};

function joining() {
  return [h("div", {key: "busy", class: "busy", "aria-hidden": "true"}, h("span", {}), h("span", {}), h("span", {}))];
}

function consent(view) {
  return [
    h("section", {key: "what"}, h("h2", {}, word("consent.what")),
      h("ul", {class: "facts"}, view.captures.map((entry) => h("li", {key: entry.id}, icon(entry.id), h("span", {}, h("strong", {}, say(entry.what)), " ", h("span", {class: "muted"}, say(entry.why))))))),
    h("div", {key: "pair", class: "pair"},
      h("section", {class: "box"}, h("h2", {class: "with-icon"}, icon("person"), word("consent.who.title")), h("p", {dir: "auto"}, say(view.who)),
        h("h2", {class: "with-icon"}, icon("clock"), word("consent.keep.title")), h("p", {}, say(view.keep))),
      h("section", {class: "box"}, h("h2", {class: "with-icon"}, icon("lock"), word("consent.never.title")),
        h("ul", {class: "crosses"}, view.never.map((entry) => h("li", {key: entry.key}, icon("close"), h("span", {}, say(entry))))))),
    h("section", {key: "statement", class: "statement"}, h("h2", {}, word("consent.statement")), h("p", {class: "long", dir: "auto"}, say(view.statement)),
      h("p", {class: "small muted"}, word("consent.version", {version: view.version}))),
  ];
}

function refused(view) {
  return [
    view.reason && labelled("reason", "refused.reason", view.reason),
    labelled("alternative", "refused.alternative", view.alternative),
    labelled("contact", "refused.contact", view.contact),
  ];
}

function labelled(key, label, text) {
  return h("section", {key, class: "box"}, h("h2", {}, word(label)), h("p", {class: "long", dir: "auto"}, say(text)));
}

function checks(view, tools) {
  const rows = view.rows.filter((row) => row.verdict !== "pass" || view.running);
  const fine = view.running ? [] : view.rows.filter((row) => row.verdict === "pass");
  return [
    view.running && meter("progress", view.measured / view.total, word("checks.progress", {done: view.measured, total: view.total})),
    h("ul", {key: "rows", class: "checks"}, sorted(rows).map((row) => checkRow(row, view, tools))),
    fine.length > 0 && h("details", {key: "fine", class: "fold"},
      h("summary", {}, h("span", {class: "verdict fine"}, icon("check"), word("checks.fine", {n: fine.length})), icon("down", "turn")),
      h("ul", {class: "checks"}, fine.map((row) => checkRow(row, view, tools)))),
    view.microphone_dbfs !== null && h("div", {key: "level", class: "level"}, meter("mic", Math.min(1, Math.max(0, (view.microphone_dbfs + 60) / 60)), word("checks.level"))),
  ];
}

function sorted(rows) {
  const order = {fail: 0, warn: 1, person: 2, unmeasured: 3};
  const rank = (row) => order[row.verdict] ?? 4;
  return [...rows].sort((one, other) => rank(one) - rank(other));
}

function checkRow(row, view, tools) {
  const soft = row.verdict === "fail" && !row.blocks;
  const tone = soft ? "look" : TONE[row.verdict];
  const value = row.value === undefined || row.value === null ? "" : measured(row.value, row.unit);
  return h("li", {key: row.id, id: `check-${row.id}`, class: `check ${tone}`},
    h("span", {class: "check-name"}, say(row.title)),
    h("span", {class: "check-value number"}, value, row.threshold && row.verdict !== "pass" ? h("span", {class: "small muted"}, word("checks.wanted", {threshold: row.threshold})) : null),
    h("span", {class: `verdict ${tone}`}, icon(soft ? "person" : MARK[row.verdict]), h("span", {}, word(soft ? "verdict.fail.soft" : `verdict.${row.verdict}`))),
    row.remedy && h("p", {key: "remedy", class: "remedy", dir: "auto"}, say(row.remedy)),
    row.remedy && row.verdict !== "pass" && h("button", {key: "again", id: `check-again-${row.id}`, type: "button", class: "small-button", disabled: view.running,
      onclick: () => tools.act("check_again", {code: row.id})}, word("checks.again")),
    row.programs?.length > 0 && h("div", {key: "programs", class: "check-programs"}, row.programs.map((entry) => closer(entry, tools, word("program.close.named", {name: entry.name}), "small-button"))));
}

function measured(value, unit) {
  if (!unit) return format(value);
  if (typeof value === "object" && has(`unit.${unit}`)) return word(`unit.${unit}`, {n: value.value, value});
  return `${format(value)} ${unit}`;
}

function meter(key, share, label) {
  return h("div", {key, class: "meter", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.round(share * 100)), "aria-label": label},
    h("p", {class: "small muted"}, label), h("div", {class: "track-bar", "aria-hidden": "true"}, h("span", {share})));
}

function step(view, tools) {
  const live = view.picture === "camera";
  return [
    view.again && h("section", {key: "again", class: "banner look strongly"}, icon("look"), h("div", {}, h("p", {class: "small"}, word("step.again")), h("p", {class: "said", dir: "auto"}, say(view.again)))),
    h("div", {key: "stage", class: view.again ? "stage again" : "stage"},
      h("figure", {class: `preview ${view.stage}`},
        view.has_picture
          ? h("img", {id: "preview", key: `img-${view.picture}`, "data-picture": view.picture, src: tools.pictures[view.picture] || null, class: live ? "mirror" : "", alt: word(live ? "step.preview" : "step.taken")})
          : h("p", {key: "none", class: "no-picture"}, icon("webcam"), h("span", {}, word("step.no_picture"))),
        live && view.stage === "ready" && h("figcaption", {key: "only"}, icon("lock"), h("span", {}, word("step.mirror"))),
        view.stage === "taking" && h("div", {key: "bar", class: "over-picture"}, meter("taking", view.progress, say(view.title)))),
      h("div", {key: "words"},
        h("ol", {class: "tips"}, view.tips.map((tip, index) => h("li", {key: tip.key}, h("span", {class: "dot"}, String(index + 1)), h("span", {}, say(tip))))),
        h("p", {class: "with-icon muted small"}, icon("help"), h("span", {}, say(view.why))))),
  ];
}

function waiting(view) {
  return [
    h("ul", {key: "steps", class: "steps"}, view.steps.map((entry) => {
      const [mark, tone] = STATE[entry.state] || STATE.not_yet;
      return h("li", {key: entry.id}, icon(entry.id), h("span", {class: "grow strong"}, word(`waiting.step.${entry.id}`)),
        h("span", {class: `verdict ${tone}`}, icon(mark), h("span", {}, word(`waiting.state.${entry.state}`))));
    })),
    h("p", {key: "watched", class: "with-icon muted"}, icon("person"), h("span", {}, word(view.watched ? "waiting.watched" : "waiting.nobody"))),
    h("section", {key: "next", class: "box"}, h("h2", {}, word("waiting.next.title")),
      h("ol", {class: "tips"}, ["1", "2", "3"].map((number) => h("li", {key: number}, h("span", {class: "dot"}, number), h("span", {}, word(`waiting.next.${number}`)))))),
  ];
}

function paused(view, tools) {
  return [view.reason && labelled("reason", "paused.reason", view.reason), ...view.programs.map((entry) => program(entry, tools))];
}

function over(view) {
  const {upload} = view;
  const state = !upload ? "" : upload.receipt && !upload.left ? "receipt" : upload.left && !upload.link_up ? "waiting" : upload.left ? "" : "asking";
  return [
    view.problem && h("p", {key: "problem", class: "banner look"}, icon("look"), h("span", {dir: "auto"}, say(view.problem))),
    h("section", {key: "restored", id: "over-restored", class: "box"}, h("h2", {class: "with-icon"}, icon("computer"), word("over.restored.title")),
      h("p", {class: `verdict ${view.restored ? "fine" : view.restored === false ? "stop" : "still"}`}, icon(view.restored ? "check" : view.restored === false ? "stop" : "wait"),
        h("span", {}, word(view.restored ? "over.restored.yes" : view.restored === false ? "over.restored.no" : "over.restored.pending"))),
      view.measures.length > 0 && h("ul", {key: "list", class: "measures"}, view.measures.map((entry) => h("li", {key: say(entry.name)},
        icon(entry.outcome === "fine" ? "check" : "stop", entry.outcome === "fine" ? "fine" : "stop"), h("span", {class: "grow"}, say(entry.name)),
        h("span", {class: "muted small"}, entry.outcome === "fine" ? word("over.measure.fine") : entry.outcome))))),
    upload && h("section", {key: "upload", id: "over-upload", class: "box", "data-left": String(upload.left)}, h("h2", {class: "with-icon"}, icon("send"), word("over.upload.title")),
      meter("upload", upload.share, upload.left ? `${word("over.upload.left", {n: upload.left})} · ${word("over.upload.size", {size: bytes(upload.bytes)})}` : word(`over.upload.${state}`)),
      state === "waiting" && h("p", {key: "wait", class: "small"}, word("over.upload.waiting")),
      upload.left > 0 && h("p", {key: "stay", class: "small muted"}, word("over.stay")),
      view.receipt_path && h("p", {key: "path", class: "small", dir: "auto"}, word("over.receipt.path", {path: view.receipt_path}))),
    say(view.contact) && h("p", {key: "contact", class: "muted", dir: "auto"}, word("over.contact"), say(view.contact)),
  ];
}

function problem(view) {
  return [
    h("section", {key: "todo", class: "box"}, h("h2", {}, word("problem.what_now")), h("p", {}, say(view.todo)), view.window && h("p", {key: "window"}, say(view.window))),
    say(view.contact) && labelled("contact", "problem.contact", view.contact),
    h("p", {key: "code", class: "small muted number"}, word("problem.code", {code: view.code})),
  ];
}
