// The exam is covered for a while.
import {program} from "../programs.js";
import {labelled} from "./parts.js";

export function paused(view, tools) {
  return [view.reason && labelled("reason", "paused.reason", view.reason), ...view.programs.map((entry) => program(entry, tools))];
}
