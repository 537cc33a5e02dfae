// The head of every panel: its name, and the button that closes it.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {word} from "./texts.js";

export function panelHead(title, tools) {
  return h("div", {key: "head", class: "panel-head"}, h("h2", {}, title),
    h("button", {key: "close", type: "button", class: "quiet close", "aria-label": word("app.close_panel"), onclick: tools.shut}, icon("close")));
}
