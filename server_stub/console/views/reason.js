// The dialog that asks for a reason in words: ask again, refuse, pause, resume. Called by app.js.

import { el, mark, set, show } from "../base/dom.js";

const $ = (id) => document.getElementById(id);

export class ReasonDialog {
  #done = null;
  #optional = false;
  #choice = "";

  constructor() {
    $("reason-cancel").addEventListener("click", () => $("reason-dialog").close());
    $("reason-text").addEventListener("input", () => this.#check());
    $("reason-dialog").querySelector("form").addEventListener("submit", () => {
      const reason = $("reason-text").value.trim();
      if (reason || this.#isOptional) this.#done(reason, this.#choice);
    });
  }

  /** A confirmation may stand without a reason; a dismissal may not. */
  get #isOptional() {
    return this.#optional || this.#choice === "confirmed";
  }

  /** `options`: {title, note, label, ready: [sentences], choice: {label, options: [[value, word]]}, chosen, ok, stop,
      optional, done(reason, choice)}. */
  ask(options) {
    this.#done = options.done;
    this.#optional = Boolean(options.optional);
    set($("reason-title"), options.title);
    set($("reason-note"), options.note);
    set($("reason-ok"), options.ok);
    $("reason-ok").className = options.stop ? "stop" : "primary";
    set($("reason-label"), options.label ?? (options.optional ? "A word to the candidate (not required)" : "Reason, as the candidate reads it"));
    this.#offer(options.choice, options.chosen ?? "");
    $("reason-text").value = "";
    $("reason-ready").replaceChildren(...(options.ready ?? []).map((sentence) => el("button", { type: "button", onclick: () => this.#take(sentence) }, sentence)));
    show($("reason-ready"), Boolean(options.ready?.length));
    this.#check();
    $("reason-dialog").showModal();
    $("reason-text").focus();
  }

  #offer(choice, chosen) {
    this.#choice = chosen;
    show($("reason-choice"), Boolean(choice));
    if (!choice) return;
    set($("reason-choice").firstElementChild, choice.label);
    const radio = ([value, word]) => el("label", {}, el("input", { type: "radio", name: "reason-choice", value, checked: value === chosen, onchange: () => this.#choose(value) }), word);
    $("reason-choice").lastElementChild.replaceChildren(...choice.options.map(radio));
  }

  #choose(value) {
    this.#choice = value;
    this.#check();
  }

  #take(sentence) {
    $("reason-text").value = sentence;
    this.#check();
    $("reason-text").focus();
  }

  #check() {
    const lacking = !this.#isOptional && !$("reason-text").value.trim();
    $("reason-ok").disabled = lacking;
    mark($("reason-text"), "aria-required", String(!this.#isOptional));
  }
}
