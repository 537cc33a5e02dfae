// The system checks: what needs a hand, camera and microphone, what is worth a look, what is measured now, what may be tried, what is fine.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {dirOf, say, word} from "../texts.js";
import {closer} from "../programs.js";
import {devices} from "./devices.js";
import {tries} from "./tries.js";
import {meter} from "./parts.js";
import {MARK, TONE, measured} from "./rows.js";

const RANK = {fail: 0, warn: 1, person: 2, unmeasured: 3};

export function checks(view, tools) {
  const of = (group) => sorted(view.rows.filter((row) => row.group === group));
  const fine = of("fine");
  return [
    view.running && meter("progress", view.measured / view.total, say(view.title), word("checks.progress", {done: view.measured, total: view.total})),
    group("hand", of("hand"), tools),
    devices(view, tools),
    group("look", of("look"), tools),
    group("now", of("now"), tools),
    tries(view, tools),
    view.profile && h("p", {key: "profile", id: "profile", class: "with-icon"}, icon("link"), h("span", {}, say(view.profile))),
    fine.length > 0 && h("details", {key: "fine", class: "fold"},
      h("summary", {}, h("span", {class: "verdict fine"}, icon("check"), word("checks.fine", {count: fine.length})), icon("down", "turn")),
      h("ul", {class: "checks"}, fine.map((row) => checkRow(row, tools)))),
  ];
}

function group(name, rows, tools) {
  if (!rows.length) return null;
  return h("section", {key: `group-${name}`, class: "check-group", "aria-labelledby": `group-${name}`},
    h("h2", {id: `group-${name}`, key: "head"}, word(`checks.group.${name}`)),
    h("ul", {key: "rows", class: "checks"}, rows.map((row) => checkRow(row, tools))));
}

function sorted(rows) {
  const rank = (row) => RANK[row.verdict] ?? 4;
  return [...rows].sort((one, other) => rank(one) - rank(other));
}

function checkRow(row, tools) {
  const soft = row.verdict === "fail" && !row.blocks;
  const tone = soft ? "look" : TONE[row.verdict];
  const busy = row.verdict === "measuring" || row.verdict === "waiting";
  return h("li", {key: row.id, id: `check-${row.id}`, class: `check ${tone}`},
    h("span", {class: "check-name", dir: dirOf(row.title)}, say(row.title)),
    h("span", {class: "check-value number"}, h("bdi", {}, measured(row)), row.threshold && row.verdict !== "pass" && !busy && h("span", {class: "small muted"}, word("checks.wanted", {threshold: say(row.threshold)}))),
    h("span", {class: `verdict ${tone}`}, icon(soft ? "person" : MARK[row.verdict]), h("span", {}, word(soft ? "verdict.fail.soft" : `verdict.${row.verdict}`))),
    row.remedy && h("p", {key: "remedy", class: "remedy", dir: dirOf(row.remedy)}, say(row.remedy)),
    row.where && h("p", {key: "where", class: "remedy"}, say(row.where)),
    row.value !== undefined && h("div", {key: "do", class: "check-do"}, again(row, tools), row.settings && settings(row, tools)),
    row.programs?.length > 0 && h("div", {key: "programs", class: "check-programs"}, row.programs.map((entry) => closer(entry, tools, word("program.close.named", {name: entry.name}), "small-button"))));
}

function again(row, tools) {
  return h("button", {key: "again", id: `check-again-${row.id}`, type: "button", class: "small-button", disabled: !row.again, "aria-label": word("checks.again.named", {name: say(row.title)}),
    onclick: () => tools.act("check_again", {code: row.id})}, word("checks.again"));
}

function settings(row, tools) {
  return h("button", {key: "settings", id: `settings-${row.id}`, type: "button", class: "small-button", "aria-label": word("checks.settings.named", {name: say(row.title)}),
    onclick: () => tools.act("open_settings", {page: row.settings})}, word("checks.settings"));
}
