// The choice of language: a list in the header of check-in, buttons in the help of the strip, where a list would open a window of its
// own over the exam. Each language stands there in its own words.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {word} from "./texts.js";

export function languageList(view, tools) {
  return h("label", {key: "language", class: "language"}, icon("globe"), h("span", {class: "unseen"}, word("app.language")),
    h("select", {id: "language", onchange: (event) => tools.act("language", {language: event.target.value})},
      view.languages.map((entry) => h("option", {key: entry.id, value: entry.id, lang: entry.id, selected: entry.id === view.language}, entry.name))));
}

export function languageButtons(view, tools) {
  return h("div", {key: "languages", class: "row", role: "group", "aria-label": word("app.language")}, icon("globe"),
    view.languages.map((entry) => h("button", {
      id: `language-${entry.id}`, type: "button", lang: entry.id, class: entry.id === view.language ? "small-button pressed" : "small-button",
      "aria-pressed": String(entry.id === view.language), onclick: () => tools.act("language", {language: entry.id}),
    }, entry.name)));
}
