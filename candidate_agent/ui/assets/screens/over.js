// After the exam: what is sent, what the candidate takes home, that the computer is as it was, and how to say goodbye.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {dirOf, say, word, bytes} from "../texts.js";
import {meter} from "./parts.js";

export function over(view, tools) {
  return [
    view.problem && h("p", {key: "problem", class: "banner look"}, icon("look"), h("span", {dir: "auto"}, say(view.problem))),
    h("div", {key: "after", class: "after"},
      view.upload && h("div", {key: "theirs", class: "stack"}, upload(view.upload), yours(view, tools)),
      h("div", {key: "here", class: "stack"}, computer(view), view.removal.length > 0 && removal(view.removal))),
    say(view.contact) && h("p", {key: "contact", class: "muted"}, word("over.contact"), " ", h("bdi", {}, say(view.contact))),
  ];
}

function upload(state) {
  const size = `${word("over.upload.left", {count: state.left})} · ${word("over.upload.size", {size: bytes(state.bytes)})}`;
  const label = state.state === "receipt" ? word("over.upload.receipt") : state.state === "asking" ? word("over.upload.asking") : size;
  return h("section", {key: "upload", id: "over-upload", class: "box", "data-left": String(state.left), "data-state": state.state},
    h("h2", {class: "with-icon"}, icon("send"), word("over.upload.title")),
    meter("upload", state.share, word("over.upload.title"), label),
    state.time && h("p", {key: "time", id: "over-time", class: "strong"}, say(state.time)),
    state.state === "waiting" && h("p", {key: "wait", class: "small"}, word("over.upload.waiting")),
    state.state !== "receipt" && h("p", {key: "stay", class: "small muted"}, word("over.stay")));
}

function yours(view, tools) {
  const {receipt, own_data: own, summary} = view;
  return h("section", {key: "yours", id: "over-yours", class: "box"},
    h("h2", {class: "with-icon"}, icon("person"), word("over.yours.title")),
    summary.length > 0 && h("ul", {key: "summary", class: "plain-rows"}, summary.map((line) => h("li", {key: line.key}, say(line)))),
    view.reported.length > 0 && h("div", {key: "reports", id: "over-reports"}, h("h3", {}, word("report.sent")),
      h("ul", {class: "plain-rows"}, view.reported.map((one) => h("li", {key: one.id, "data-state": one.state}, say(one.body))))),
    receipt
      ? h("div", {key: "receipt", class: "take-home"}, h("p", {class: "small", dir: "auto"}, word("over.receipt.path", {path: receipt.path})), press(receipt.open, tools))
      : h("p", {key: "no-receipt", class: "small muted"}, word("over.receipt.later")),
    h("div", {key: "data", class: "take-home"},
      h("p", {class: "small", dir: "auto", role: "status"}, own.path ? word("over.data.saved", {path: own.path}) : word(own.state === "failed" ? "over.data.failed" : own.state === "saving" ? "over.data.saving" : "over.data.what")),
      press(own.save, tools)));
}

function press(entry, tools) {
  return h("button", {id: entry.id, type: "button", class: entry.kind, disabled: !entry.enabled, onclick: () => tools.act(entry.act, entry.data)}, say(entry.label));
}

function computer(view) {
  const tone = view.restored ? "fine" : view.restored === false ? "stop" : "still";
  return h("section", {key: "restored", id: "over-restored", class: "box"}, h("h2", {class: "with-icon"}, icon("computer"), word("over.restored.title")),
    h("p", {class: `verdict ${tone}`}, icon({fine: "check", stop: "stop", still: "wait"}[tone]),
      h("span", {}, word(`over.restored.${{fine: "yes", stop: "no", still: "pending"}[tone]}`))),
    view.measures.length > 0 && h("ul", {key: "list", class: "measures"}, view.measures.map((entry) => h("li", {key: entry.id},
      icon(entry.fine ? "check" : "stop", entry.fine ? "fine" : "stop"), h("span", {class: "grow"}, say(entry.name)), h("span", {class: "muted small outcome"}, say(entry.outcome))))));
}

function removal(lines) {
  return h("section", {key: "removal", id: "over-removal", class: "box"}, h("h2", {class: "with-icon"}, icon("leave"), word("removal.title")),
    lines.map((line) => h("p", {key: line.key, class: "small", dir: "auto"}, say(line))));
}
