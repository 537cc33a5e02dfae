// The rows of the system checks.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {dirOf, format, has, say, word} from "../texts.js";
import {closer} from "../programs.js";
import {meter} from "./parts.js";

const MARK = {pass: "check", warn: "look", fail: "stop", person: "person", unmeasured: "help", measuring: "wait", waiting: "wait"};
const TONE = {pass: "fine", warn: "look", fail: "stop", person: "look", unmeasured: "still", measuring: "still", waiting: "still"};

export function checks(view, tools) {
  const rows = view.rows.filter((row) => row.verdict !== "pass" || view.running);
  const fine = view.running ? [] : view.rows.filter((row) => row.verdict === "pass");
  return [
    view.running && meter("progress", view.measured / view.total, word("checks.progress", {done: view.measured, total: view.total})),
    h("ul", {key: "rows", class: "checks"}, sorted(rows).map((row) => checkRow(row, view, tools))),
    fine.length > 0 && h("details", {key: "fine", class: "fold"},
      h("summary", {}, h("span", {class: "verdict fine"}, icon("check"), word("checks.fine", {count: fine.length})), icon("down", "turn")),
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
    h("span", {class: "check-name", dir: dirOf(row.title)}, say(row.title)),
    h("span", {class: "check-value number"}, value && h("bdi", {}, value), row.threshold && row.verdict !== "pass" ? h("span", {class: "small muted"}, word("checks.wanted", {threshold: row.threshold})) : null),
    h("span", {class: `verdict ${tone}`}, icon(soft ? "person" : MARK[row.verdict]), h("span", {}, word(soft ? "verdict.fail.soft" : `verdict.${row.verdict}`))),
    row.remedy && h("p", {key: "remedy", class: "remedy", dir: dirOf(row.remedy)}, say(row.remedy)),
    row.remedy && row.verdict !== "pass" && h("button", {key: "again", id: `check-again-${row.id}`, type: "button", class: "small-button", disabled: view.running,
      onclick: () => tools.act("check_again", {code: row.id})}, word("checks.again")),
    row.programs?.length > 0 && h("div", {key: "programs", class: "check-programs"}, row.programs.map((entry) => closer(entry, tools, word("program.close.named", {name: entry.name}), "small-button"))));
}

function measured(value, unit) {
  if (!unit) return format(value);
  if (typeof value === "object" && has(`unit.${unit}`)) return word(`unit.${unit}`, {count: value.value, value});
  return `${format(value)} ${unit}`;
}
