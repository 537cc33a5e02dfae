// Programs that run and that the exam does not allow: a line that names each, and the button that asks it to close.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {say, word} from "./texts.js";

export function program(entry, tools) {
  return h("section", {key: entry.id, id: entry.id, class: "notice reminder", role: "group", "aria-label": entry.name},
    icon("computer"),
    h("p", {class: "said grow"}, say(entry.body)),
    closer(entry, tools, word("program.close")));
}

export function closer(entry, tools, label, style = "secondary") {
  return h("button", {key: entry.id, id: `close-${entry.id}`, type: "button", class: style, disabled: entry.state === "asked", "data-state": entry.state,
    onclick: () => tools.act("close_program", {name: entry.name})}, entry.state === "asked" ? word("program.closing") : label);
}
