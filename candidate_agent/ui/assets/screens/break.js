// The exam is covered because the candidate takes a break.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {say, word} from "../texts.js";

export function onBreak(view) {
  return [
    view.countdown && h("p", {key: "countdown", id: "countdown", class: view.late ? "countdown late" : "countdown", role: "timer", "aria-label": word("break.countdown")}, icon("clock"), h("span", {class: "number"}, say(view.countdown))),
    view.facts.length > 0 && h("ul", {key: "facts", class: "facts break-facts"}, view.facts.map((fact, index) => h("li", {key: String(index)}, icon(["clock", view.captured.on ? "webcam" : "lost", "lock"][index]), h("span", {}, say(fact))))),
  ];
}
