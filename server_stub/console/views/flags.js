// The flags tab: each flag a sentence with its reason, decided with one key, its recording played in place (evidence.js).
// Decisions are commands: the candidate's program records them beside the flag. Called by app.js.

import { FLAGS } from "../catalogue.js";
import { el, icon, keyed, mark, set, show } from "../base/dom.js";
import { clock } from "../base/time.js";
import { flagSentence, flagTitle } from "../need.js";
import { WAITS } from "./evidence.js";
import { STATUS_MEANING, decisionWords, statusWord } from "./words.js";

const $ = (id) => document.getElementById(id);
const SEVERITY_WORD = { technical: "Technical", info: "For information", low: "Low", medium: "Medium", high: "High" };
const DISMISSED = "Looked at; nothing to note.";
const READY = [DISMISSED, "It was explained in the chat.", "It is part of an agreed accommodation.", "A technical cause."];
const DECISIONS = { label: "Decision", options: [["dismissed", "Dismiss"], ["confirmed", "Confirm"]] };
const PRIORITIES = { label: "Priority", options: [["low", "Low"], ["medium", "Medium"], ["high", "High"], ["info", "For information"]] };

export class Flags {
  #open = null; // the session that is shown, where decisions can be recorded

  /** `act`: {decide(sequence, decision, reason), raise(text, severity)}; `ask(options)`: views/reason.js; `evidence`: views/evidence.js. */
  constructor(act, ask, evidence) {
    this.act = act;
    this.ask = ask;
    this.evidence = evidence;
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
    if (!$("panel-flags").hidden) this.evidence.look(session, flags);
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

  /** Plays the recording of the marked flag, else of the newest one; or closes it. */
  view() {
    const items = [...$("flags").querySelectorAll(".flag")];
    const item = items.find((one) => one.hasAttribute("data-now")) ?? items.at(-1);
    const button = item?.querySelector(".flag-replay");
    if (!button || button.hidden) return;
    button.focus();
    button.click();
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
      el("p", { class: "flag-waits note", role: "status" }),
      el("div", { class: "flag-buttons", role: "group", aria_label: `Decide: ${flagTitle(flag)}` },
        button("flag-replay plain", "play", el("span", {}, "Play"), (event) => this.#play(event.currentTarget.closest(".flag"), session, flag)),
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
    this.#offer(node, session, flag);
  }

  /** What was decided; or that the last try to decide was not recorded. */
  #say(node, decision, last, name) {
    const failed = last && last !== decision;
    show(node, Boolean(decision || failed));
    node.className = `flag-decision ${failed ? STATUS_MEANING[last.status] ?? "" : ""}`;
    set(node, failed ? `The decision was not recorded. ${statusWord(last)}` : decision ? decisionWords(decision, name(decision.proctor)) : "");
  }

  /** The recording can be played, is still to come, or there is none. */
  #offer(node, session, flag) {
    const standing = this.evidence.standing(session, flag);
    const button = node.querySelector(".flag-replay");
    show(button, standing === "there");
    mark(button, "aria-expanded", String(this.evidence.isOpen(flag)));
    set(button.lastElementChild, this.evidence.isOpen(flag) ? "Close" : "Play");
    button.firstElementChild.style.display = this.evidence.isOpen(flag) ? "none" : "";
    set(node.querySelector(".flag-waits"), standing === "waits" ? WAITS : "");
  }

  #play(node, session, flag) {
    if (this.evidence.isOpen(flag)) this.evidence.close();
    else this.evidence.play(node, session, session.ledger.flags.get(flag.id) ?? flag);
    for (const item of $("flags").querySelectorAll(".flag")) this.#offer(item, session, session.ledger.flags.get(item.dataset.flag));
  }
}
