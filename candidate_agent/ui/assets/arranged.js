// What the institution arranged for this candidate: in the consent's first stage and in the help of every page.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {say, word} from "./texts.js";

const MARK = {extra: "clock", size: "size", programs: "computer", muted: "events"};

export function arrangedList(entries) {
  return entries.length > 0 && h("section", {key: "arranged", class: "box arranged"}, h("h2", {}, word("arranged.title")),
    h("ul", {class: "facts"}, entries.map((entry) => h("li", {key: entry.id}, icon(MARK[entry.id] || "check"),
      h("div", {}, h("p", {}, say(entry.body)),
        entry.names.length > 0 && h("ul", {key: "names", class: "dotted"}, entry.names.map((name) => h("li", {key: say(name), dir: "auto"}, say(name)))))))));
}
