// The dialog that asks for a reason in words: ask again, refuse, pause, resume. Called by app.js.

import { el, mark, set, show } from "../base/dom.js";

const $ = (id) => document.getElementById(id);

export class ReasonDialog {
  #done = null;
  #optional = false;

  constructor() {
    $("reason-cancel").addEventListener("click", () => $("reason-dialog").close());
    $("reason-text").addEventListener("input", () => this.#check());
    $("reason-dialog").querySelector("form").addEventListener("submit", () => {
      const reason = $("reason-text").value.trim();
      if (reason || this.#optional) this.#done(reason);
    });
  }

  /** `options`: {title, note, ready: [sentences], ok, stop, optional, done(reason)}. */
  ask(options) {
    this.#done = options.done;
    this.#optional = Boolean(options.optional);
    set($("reason-title"), options.title);
    set($("reason-note"), options.note);
    set($("reason-ok"), options.ok);
    $("reason-ok").className = options.stop ? "stop" : "primary";
    set($("reason-label"), options.optional ? "A word to the candidate (not required)" : "Reason, as the candidate reads it");
    $("reason-text").value = "";
    $("reason-ready").replaceChildren(...(options.ready ?? []).map((sentence) => el("button", { type: "button", onclick: () => this.#take(sentence) }, sentence)));
    show($("reason-ready"), Boolean(options.ready?.length));
    this.#check();
    $("reason-dialog").showModal();
    $("reason-text").focus();
  }

  #take(sentence) {
    $("reason-text").value = sentence;
    this.#check();
    $("reason-text").focus();
  }

  #check() {
    const lacking = !this.#optional && !$("reason-text").value.trim();
    $("reason-ok").disabled = lacking;
    mark($("reason-text"), "aria-required", String(!this.#optional));
  }
}
