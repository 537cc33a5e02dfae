// The chat tab: words both ways, with what became of ours. Called by app.js.

import { el, keyed, mark, set, show } from "../base/dom.js";
import { clock } from "../base/time.js";
import { STATUS_MEANING, statusWord } from "./words.js";

const $ = (id) => document.getElementById(id);

export class Chat {
  #count = 0;
  #sessionId = null;

  /** `act`: {chat(text)}. */
  constructor(act) {
    $("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(act);
    });
    $("chat-text").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send(act);
    });
  }

  update(app) {
    const session = app.store.open;
    if (!session) return;
    const { chat } = session.ledger;
    const visible = !$("panel-chat").hidden && document.hasFocus();
    if (visible) session.ledger.unreadChats = 0;
    show($("chat-empty"), !chat.length);
    const names = new Map(app.store.roster.entries.map((entry) => [entry.id, entry.name]));
    keyed($("chat"), chat, (line) => `${session.id}/${line.id}`, (line) => this.#make(line), (node, line) => this.#draw(node, line, session, app.store, names));
    $("chat-send").disabled = !session.open || Boolean(session.refusal) || session.over;
    this.#scroll(session.id, chat.length);
  }

  #send(act) {
    const text = $("chat-text").value.trim();
    if (!text || $("chat-send").disabled) return;
    $("chat-text").value = "";
    act.chat(text);
  }

  #make(line) {
    return el("li", { class: "line", data_message: line.id }, el("p", { dir: "auto" }), el("footer", {}, el("span", { dir: "auto" }), el("time"), el("span", { class: "word" })));
  }

  #draw(node, line, session, store, names) {
    const own = line.sender !== "candidate";
    const [who, time, status] = node.lastChild.children;
    mark(node, "data-own", own);
    set(node.firstChild, line.text);
    const sender = own ? (line.sender === store.proctor ? "You" : (names.get(line.sender) ?? line.sender)) : session.info.candidate_name;
    set(who, sender);
    set(time, clock(line.atMs));
    const command = session.ledger.commands.get(line.id);
    show(status, Boolean(command));
    if (!command) return;
    mark(node, "data-status", command.status);
    set(status, statusWord(command));
    status.className = `word ${STATUS_MEANING[command.status] ?? ""}`;
  }

  #scroll(sessionId, count) {
    if ($("panel-chat").hidden) return;
    const box = $("chat-scroll");
    const changed = sessionId !== this.#sessionId || count !== this.#count;
    this.#sessionId = sessionId;
    this.#count = count;
    if (changed) box.scrollTop = box.scrollHeight;
  }
}
