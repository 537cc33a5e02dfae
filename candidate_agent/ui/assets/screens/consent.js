// What is recorded, and what a refusal leads to.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {say, word} from "../texts.js";
import {labelled} from "./parts.js";

export function consent(view) {
  return [
    h("section", {key: "what"}, h("h2", {}, word("consent.what")),
      h("ul", {class: "facts"}, view.captures.map((entry) => h("li", {key: entry.id}, icon(entry.id), h("span", {}, h("strong", {}, say(entry.what)), " ", h("span", {class: "muted"}, say(entry.why))))))),
    h("div", {key: "pair", class: "pair"},
      h("section", {class: "box"}, h("h2", {class: "with-icon"}, icon("person"), word("consent.who.title")), h("p", {}, say(view.who)),
        h("h2", {class: "with-icon"}, icon("clock"), word("consent.keep.title")), h("p", {}, say(view.keep))),
      h("section", {class: "box"}, h("h2", {class: "with-icon"}, icon("lock"), word("consent.never.title")),
        h("ul", {class: "crosses"}, view.never.map((entry) => h("li", {key: entry.key}, icon("close"), h("span", {}, say(entry))))))),
    h("section", {key: "statement", class: "statement"}, h("h2", {}, word("consent.statement")), h("p", {class: "long", dir: "auto"}, say(view.statement)),
      h("p", {class: "small muted"}, word("consent.version", {version: view.version}))),
  ];
}

export function refused(view) {
  return [
    view.reason && labelled("reason", "refused.reason", view.reason),
    labelled("alternative", "refused.alternative", view.alternative),
    labelled("contact", "refused.contact", view.contact),
  ];
}
