// The body of each screen under its heading and its lead sentence: one file for each stretch of the way.
import {onBreak} from "./screens/break.js";
import {checks} from "./screens/checks.js";
import {consent, refused, reread} from "./screens/consent.js";
import {closed, early} from "./screens/early.js";
import {joining} from "./screens/joining.js";
import {over} from "./screens/over.js";
import {survey} from "./screens/parting.js";
import {paused} from "./screens/paused.js";
import {problem} from "./screens/problem.js";
import {step} from "./screens/steps.js";
import {waiting} from "./screens/waiting.js";

export const BODY = {
  joining, early, closed, consent, reread, refused, checks, identity: step, room: step, waiting, paused, break: onBreak, paper: step,
  survey, over, problem,
};
