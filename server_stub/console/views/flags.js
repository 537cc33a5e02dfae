// The flags tab: each flag a sentence with its reason, decided with one key, its seconds played in place where this
// browser still has them. Called by app.js.

import { FLAGS } from "../catalogue.js";
import { el, icon, keyed, mark, set, show } from "../base/dom.js";
import { clock } from "../base/time.js";
import { flagSentence, flagTitle } from "../need.js";

const $ = (id) => document.getElementById(id);
const SEVERITY_WORD = { technical: "Technical", info: "For information", low: "Low", medium: "Medium", high: "High" };

export class Flags {
  /** `act`: {decide(flag id, decision|null)}; `replay`: media/replay.js. */
  constructor(act, replay) {
    this.act = act;
    this.replay = replay;
    this.currentId = null;
  }

  update(app) {
    const session = app.store.open;
    if (!session) return;
    const flags = [...session.ledger.flags.values()].sort((one, other) => one.sequence - other.sequence);
    this.currentId = session.ledger.openFlags().sort((one, other) => one.sequence - other.sequence)[0]?.id ?? null;
    show($("flags-empty"), !flags.length);
    keyed($("flags"), flags, (flag) => `${session.id}/${flag.id}`, (flag) => this.#make(session, flag), (node, flag) => this.#draw(node, session, flag));
  }

  /** Decides the oldest open flag: the one that is marked. */
  decide(decision) {
    if (this.currentId) this.act.decide(this.currentId, decision);
  }

  #make(session, flag) {
    const button = (name, sign, word, onclick) => el("button", { class: name, onclick }, icon(sign), word);
    return el("li", { class: "flag", data_flag: flag.id, data_code: flag.code },
      el("p", { dir: "auto" }),
      el("span", { class: "quiet" }),
      el("div", { class: "flag-buttons" },
        button("flag-replay plain", "play", "Play", (event) => this.#play(event.currentTarget.closest(".flag"), session, flag)),
        button("flag-keep", "check", "Keep", () => this.act.decide(flag.id, "kept")),
        button("flag-dismiss", "cross", "Dismiss", () => this.act.decide(flag.id, "dismissed")),
        button("flag-undo plain", "repeat", "Undo", () => this.act.decide(flag.id, null))));
  }

  #draw(node, session, flag) {
    const decision = session.ledger.decisions[flag.id]?.decision ?? null;
    mark(node, "data-decision", decision);
    mark(node, "data-severity", flag.severity);
    mark(node, "data-now", flag.id === this.currentId);
    set(node.querySelector("p"), flagSentence(flag));
    const when = session.open ? clock(session.wallMs(flag.from_us)) : "";
    const title = FLAGS[flag.code] && flag.reason && flagTitle(flag) !== flag.reason ? `${flagTitle(flag)}, ` : "";
    const decided = { kept: ", kept for review", dismissed: ", dismissed" }[decision] ?? "";
    set(node.querySelector(".quiet"), `${when} ${title}${SEVERITY_WORD[flag.severity] ?? flag.severity}${decided}`);
    show(node.querySelector(".flag-keep"), !decision);
    show(node.querySelector(".flag-dismiss"), !decision);
    show(node.querySelector(".flag-undo"), Boolean(decision));
    show(node.querySelector(".flag-replay"), this.replay.has(session.id, flag.from_us, flag.to_us));
  }

  #play(node, session, flag) {
    node.querySelector(".flag-play")?.remove();
    const canvases = [el("canvas", { width: "240", height: "180", role: "img", aria_label: "Webcam at the time of the flag" }), el("canvas", { width: "480", height: "270", role: "img", aria_label: "Screen at the time of the flag" })];
    const strip = el("div", { class: "flag-play" }, canvases);
    node.append(strip);
    this.replay.play(session.id, flag.from_us, flag.to_us, canvases[0], canvases[1]);
  }
}
