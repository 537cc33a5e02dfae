// What keeps a sitting from beginning.
import {h} from "../dom.js";
import {say, word} from "../texts.js";
import {labelled} from "./parts.js";

export function problem(view) {
  return [
    h("section", {key: "todo", class: "box"}, h("h2", {}, word("problem.what_now")), h("p", {}, say(view.todo)), view.window && h("p", {key: "window"}, say(view.window))),
    say(view.contact) && labelled("contact", "problem.contact", view.contact),
    h("p", {key: "code", class: "small muted number"}, word("problem.code", {code: view.code})),
  ];
}
