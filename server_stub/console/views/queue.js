// The left column: who is to be admitted, what is to be looked at, who wrote, whose line is gone. Called by app.js.

import { el, keyed, mark, set } from "../base/dom.js";
import { roughly } from "../base/time.js";
import { flagSentence, scoredFlags, toAdmit, asksForHelp } from "../need.js";

const $ = (id) => document.getElementById(id);

export class Queue {
  /** `open(session, tab)` opens a candidate. */
  constructor(open) {
    this.open = open;
  }

  update(app) {
    const now = Date.now();
    const sessions = [...app.store.sessions.values()].filter((session) => !session.over);
    const waited = (session) => `waits ${roughly(now - session.stateSinceMs)}`;
    this.#list("admit", app, "checkin", sessions.filter(toAdmit), waited);
    this.#list("flags", app, "flags", sessions.filter((one) => scoredFlags(one).length || asksForHelp(one)), (session) => {
      const flags = session.ledger.openFlags().filter((flag) => flag.severity !== "technical");
      return `${flags.length > 1 ? `${flags.length}: ` : ""}${flagSentence(flags.at(-1))}`;
    });
    this.#list("chat", app, "chat", sessions.filter((one) => one.ledger.unreadChats), (session) => session.ledger.chat.filter((line) => line.sender === "candidate").at(-1)?.text ?? "");
    this.#list("link", app, "flags", sessions.filter((one) => one.linkLost), (session) => `for ${roughly(now - session.info.last_seen_ms)}; the exam goes on`);
  }

  #list(name, app, tab, sessions, describe) {
    const count = $(`count-${name}`);
    set(count, sessions.length);
    mark(count, "data-some", sessions.length > 0 && name !== "link");
    keyed($(`queue-${name}`), sessions, (session) => session.id, (session) => {
      const button = el("button", { class: "queue-item", data_session: session.id, onclick: () => this.open(session, tab) }, el("strong", { dir: "auto" }), el("span", { dir: "auto" }));
      return el("li", {}, button);
    }, (node, session) => {
      set(node.querySelector("strong"), session.info.candidate_name);
      set(node.querySelector("span"), describe(session));
      mark(node.firstChild, "aria-current", session.id === app.store.openId ? "true" : null);
    });
  }
}
