// The body of each screen under its heading and its lead sentence: one file for each stretch of the way.
import {checks} from "./screens/checks.js";
import {consent, refused} from "./screens/consent.js";
import {joining} from "./screens/joining.js";
import {over} from "./screens/over.js";
import {survey} from "./screens/parting.js";
import {paused} from "./screens/paused.js";
import {problem} from "./screens/problem.js";
import {step} from "./screens/steps.js";
import {waiting} from "./screens/waiting.js";

export const BODY = {joining, consent, refused, checks, identity: step, room: step, waiting, paused, paper: step, survey, over, problem};
