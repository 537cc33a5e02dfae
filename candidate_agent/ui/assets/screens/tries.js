// What the candidate may try: a sound to hear, and the rehearsal. Rows like the checks, each with a sentence and its buttons.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {say, word} from "../texts.js";
import {meter} from "./parts.js";
import {MARK, TONE, measured} from "./rows.js";

export function tries(view, tools) {
  return h("section", {key: "tries", class: "check-group", "aria-labelledby": "tries-title"},
    h("h2", {id: "tries-title", key: "head"}, word("tries.title")),
    h("ul", {key: "rows", class: "checks"}, view.tries.map((row) => tried(row, tools))));
}

function tried(row, tools) {
  const soft = row.verdict === "fail";
  const tone = soft ? "look" : TONE[row.verdict] || "still";
  return h("li", {key: row.id, id: `check-${row.id}`, class: `check ${tone}`},
    h("span", {id: `name-${row.id}`, class: "check-name"}, say(row.title)),
    h("span", {class: "check-value number"}, h("bdi", {}, measured(row))),
    h("span", {class: `verdict ${tone}`}, icon(soft ? "person" : MARK[row.verdict] || "wait"), h("span", {}, word(soft ? "verdict.fail.soft" : `verdict.${row.verdict}`))),
    h("p", {key: "told", id: `told-${row.id}`, class: "remedy", role: "status"}, say(row.told)),
    row.where && h("p", {key: "where", class: "remedy"}, say(row.where)),
    row.progress && h("div", {key: "bar", class: "check-do"}, meter("progress", row.progress.share, say(row.title), say(row.progress.label))),
    h("div", {key: "do", class: "check-do", role: "group", "aria-labelledby": `name-${row.id}`}, row.buttons.map((entry) => h("button", {
      key: entry.id, id: entry.id, type: "button", class: `small-button ${entry.kind}`, disabled: !entry.enabled, onclick: () => tools.act(entry.act, entry.data),
    }, say(entry.label)))));
}
