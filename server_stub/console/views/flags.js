// The flags tab: each flag a sentence with its reason, decided with one key, its seconds played in place where this
// browser still has them. Decisions are commands: the candidate's program records them beside the flag. Called by app.js.

import { FLAGS } from "../catalogue.js";
import { el, icon, keyed, mark, set, show } from "../base/dom.js";
import { clock } from "../base/time.js";
import { flagSentence, flagTitle } from "../need.js";
import { STATUS_MEANING, decisionWords, statusWord } from "./words.js";

const $ = (id) => document.getElementById(id);
const SEVERITY_WORD = { technical: "Technical", info: "For information", low: "Low", medium: "Medium", high: "High" };
const DISMISSED = "Looked at; nothing to note.";
const READY = [DISMISSED, "It was explained in the chat.", "It is part of an agreed accommodation.", "A technical cause."];
const DECISIONS = { label: "Decision", options: [["dismissed", "Dismiss"], ["confirmed", "Confirm"]] };
const PRIORITIES = { label: "Priority", options: [["low", "Low"], ["medium", "Medium"], ["high", "High"], ["info", "For information"]] };

export class Flags {
  #open = null; // the session that is shown, where decisions can be recorded

  /** `act`: {decide(sequence, decision, reason), raise(text, severity)}; `ask(options)`: views/reason.js; `replay`. */
  constructor(act, ask, replay) {
    this.act = act;
    this.ask = ask;
    this.replay = replay;
    this.current = null;
    $("raise-flag-button").addEventListener("click", () => this.raise());
  }

  update(app) {
    const session = app.store.open;
    if (!session) return;
    const flags = [...session.ledger.flags.values()].sort((one, other) => one.sequence - other.sequence);
    this.current = session.ledger.openFlags().sort((one, other) => one.sequence - other.sequence)[0] ?? null;
    this.#open = session.open && !session.refusal && !session.over ? session : null;
    show($("flags-empty"), !flags.length);
    show($("flags-closed"), session.over);
    $("raise-flag-button").disabled = !this.#open;
    const known = { tried: session.ledger.tried("flag_decision"), decided: session.ledger.decisions(), name: (id) => app.store.nameOf(id) };
    keyed($("flags"), flags, (flag) => `${session.id}/${flag.id}`, (flag) => this.#make(session, flag), (node, flag) => this.#draw(node, session, flag, known));
  }

  /** Decides the oldest open flag: the one that is marked. */
  decide(decision) {
    if (this.current && this.#open) this.#decide(this.current, decision);
  }

  /** As `decide`, with a reason in own words. */
  explain() {
    if (this.current && this.#open) this.#change(this.current, "dismissed");
  }

  raise() {
    if (!this.#open) return;
    this.ask({
      title: "Raise a flag of your own", note: "It stands in the record at this moment. The candidate does not see it.", ok: "Raise flag",
      label: "What is to be looked at", choice: PRIORITIES, chosen: "low", done: (text, severity) => this.act.raise(text, severity),
    });
  }

  #decide(flag, decision) {
    this.act.decide(flag.sequence, decision, decision === "dismissed" ? DISMISSED : "");
  }

  #change(flag, chosen) {
    this.ask({
      title: "Decide on this flag", note: `${flagSentence(flag)} The candidate does not see what you decide.`, ok: "Record decision",
      label: "Reason, for those who read the report", ready: READY, choice: DECISIONS, chosen,
      done: (reason, decision) => this.act.decide(flag.sequence, decision, reason),
    });
  }

  #make(session, flag) {
    const button = (name, sign, word, onclick) => el("button", { class: name, onclick }, icon(sign), word);
    return el("li", { class: "flag", data_flag: flag.id, data_code: flag.code },
      el("p", { dir: "auto" }),
      el("span", { class: "quiet" }),
      el("span", { class: "flag-decision", dir: "auto", hidden: true }),
      el("div", { class: "flag-buttons", role: "group", aria_label: `Decide: ${flagTitle(flag)}` },
        button("flag-replay plain", "play", "Play", (event) => this.#play(event.currentTarget.closest(".flag"), session, flag)),
        button("flag-confirm", "check", "Confirm", () => this.#decide(flag, "confirmed")),
        button("flag-dismiss", "cross", "Dismiss", () => this.#decide(flag, "dismissed")),
        button("flag-change plain", "repeat", "Change …", (event) => this.#change(flag, event.currentTarget.closest(".flag").dataset.decision))));
  }

  #draw(node, session, flag, { tried, decided, name }) {
    const decision = decided.get(String(flag.sequence)) ?? null;
    const last = tried.get(String(flag.sequence)) ?? null;
    mark(node, "data-decision", decision?.level ?? null);
    mark(node, "data-status", last?.status ?? null);
    mark(node, "data-severity", flag.severity);
    mark(node, "data-now", flag.id === this.current?.id && Boolean(this.#open));
    set(node.querySelector("p"), flagSentence(flag));
    const when = session.open ? clock(session.wallMs(flag.from_us)) : "";
    const title = FLAGS[flag.code] && flag.reason && flagTitle(flag) !== flag.reason ? `${flagTitle(flag)}, ` : "";
    set(node.querySelector(".quiet"), `${when} ${title}${SEVERITY_WORD[flag.severity] ?? flag.severity}`);
    this.#say(node.querySelector(".flag-decision"), decision, last, name);
    const mayDecide = Boolean(this.#open);
    show(node.querySelector(".flag-confirm"), mayDecide && !decision && flag.code !== "PROCTOR_RAISED");
    show(node.querySelector(".flag-dismiss"), mayDecide && !decision);
    show(node.querySelector(".flag-change"), mayDecide && Boolean(decision));
    show(node.querySelector(".flag-replay"), this.replay.has(session.id, flag.from_us, flag.to_us));
  }

  /** What was decided; or that the last try to decide was not recorded. */
  #say(node, decision, last, name) {
    const failed = last && last !== decision;
    show(node, Boolean(decision || failed));
    node.className = `flag-decision ${failed ? STATUS_MEANING[last.status] ?? "" : ""}`;
    set(node, failed ? `The decision was not recorded. ${statusWord(last)}` : decision ? decisionWords(decision, name(decision.proctor)) : "");
  }

  #play(node, session, flag) {
    node.querySelector(".flag-play")?.remove();
    const canvases = [el("canvas", { width: "240", height: "180", role: "img", aria_label: "Webcam at the time of the flag" }), el("canvas", { width: "480", height: "270", role: "img", aria_label: "Screen at the time of the flag" })];
    const strip = el("div", { class: "flag-play" }, canvases);
    node.append(strip);
    this.replay.play(session.id, flag.from_us, flag.to_us, canvases[0], canvases[1]);
  }
}
