// Ending somebody's exam, slow on purpose: the warnings and whether they were read, a reason, an own reason where fewer
// warnings than the policy asks were delivered, and a second look before the last click. Called by app.js.

import { keyed, set, show } from "../base/dom.js";
import { drawGiven, makeGiven } from "./interventions.js";

const $ = (id) => document.getElementById(id);
const SECOND_LOOK_MS = 1500;

export class EndDialog {
  #session = null;
  #needed = 0;
  #timer = 0;

  /** `act`: {end(session, reason, overrideReason)}. */
  constructor(act) {
    $("end-cancel").addEventListener("click", () => $("end-dialog").close());
    $("end-dialog").addEventListener("close", () => clearTimeout(this.#timer));
    $("end-next").addEventListener("click", () => this.#look());
    for (const id of ["end-reason", "end-override"]) $(id).addEventListener("input", () => set($("end-missing"), ""));
    $("end-dialog").querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    $("end-confirm").addEventListener("click", () => {
      $("end-dialog").close();
      act.end(this.#session, this.#reason, this.#early ? this.#override : "");
    });
  }

  get #reason() {
    return $("end-reason").value.trim();
  }

  get #override() {
    return $("end-override").value.trim();
  }

  get #early() {
    return this.#session.ledger.warnings().delivered.length < this.#needed;
  }

  open(session, warningsNeeded) {
    this.#session = session;
    this.#needed = warningsNeeded;
    $("end-reason").value = $("end-override").value = "";
    set($("end-name"), session.info.candidate_name);
    set($("end-missing"), "");
    this.#step("why");
    this.update();
    $("end-dialog").showModal();
    $("end-reason").focus();
  }

  /** What was delivered and read may change while the dialog is open. */
  update() {
    if (!this.#session) return;
    const { delivered, read } = this.#session.ledger.warnings();
    const unread = delivered.length - read;
    const rule = `The rules of this exam ask for ${this.#needed} before a session is ended.`;
    const said = delivered.length ? `${delivered.length} delivered, ${read} acknowledged${unread ? `, ${unread} not yet acknowledged` : ""}.` : "None was delivered.";
    set($("end-warnings"), `${said} ${rule}`);
    keyed($("end-list"), delivered, (one) => one.id, makeGiven, drawGiven);
    show($("end-override-part"), this.#early);
  }

  #step(step) {
    $("end-dialog").dataset.step = step;
    for (const part of $("end-dialog").querySelectorAll("[data-part]")) show(part, part.dataset.part === step);
    show($("end-next"), step === "why");
    show($("end-confirm"), step === "look");
    set($("end-step"), step === "why" ? "Step 1 of 2: why" : "Step 2 of 2: a second look");
  }

  #look() {
    if (!this.#reason) return this.#lacks("end-reason", "Please write what happened.");
    if (this.#early && !this.#override) return this.#lacks("end-override", "Please write why it cannot wait for the usual warnings.");
    set($("end-reason-said"), this.#reason);
    set($("end-override-said"), this.#early ? this.#override : "");
    show($("end-override-term"), this.#early);
    this.#step("look");
    $("end-confirm").disabled = true;
    $("end-cancel").focus();
    this.#timer = setTimeout(() => {
      $("end-confirm").disabled = false;
    }, SECOND_LOOK_MS);
    return undefined;
  }

  #lacks(id, sentence) {
    set($("end-missing"), sentence);
    $(id).focus();
  }
}
