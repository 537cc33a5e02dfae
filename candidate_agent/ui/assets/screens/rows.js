// How a verdict looks and a measured value reads, the same in every row of the check screen.
import {format, has, word} from "../texts.js";

export const MARK = {pass: "check", warn: "look", fail: "stop", person: "person", unmeasured: "help", measuring: "wait", waiting: "wait"};
export const TONE = {pass: "fine", warn: "look", fail: "stop", person: "look", unmeasured: "still", measuring: "still", waiting: "still"};

export function measured(row) {
  const {value, unit} = row;
  if (value === undefined || value === null) return "";
  if (!unit || value.as !== "number") return format(value);
  if (has(`unit.${unit}`)) return word(`unit.${unit}`, {count: value.value, value});
  return `${format(value)} ${unit}`;
}
