// The interventions tab: six kinds from the catalogue, three levels, a text to adapt, and what became of each one sent.
// Called by app.js.

import { INTERVENTIONS } from "../catalogue.js";
import { el, keyed, mark, set, show } from "../base/dom.js";
import { clock } from "../base/time.js";
import { LEVEL_WORD, STATUS_MEANING, statusWord } from "./words.js";

const $ = (id) => document.getElementById(id);
const NAME = {
  ROOM_PAN: "Show the room", CAMERA_OR_LIGHT: "Camera or light", STOP_SPEAKING: "Stop speaking",
  PERSON_LEAVE: "Person leaves", LOOK_AT_SCREEN: "Look at the screen", STOP_MATERIAL: "Put material away",
};
export const interventionName = (code) => NAME[code] ?? code;

export class Interventions {
  #code = "LOOK_AT_SCREEN";

  /** `act`: {intervene(code, level, text)}. */
  constructor(act) {
    for (const [code, { purpose }] of Object.entries(INTERVENTIONS)) {
      $("templates").append(el("button", { type: "button", class: "template", role: "radio", data_code: code, onclick: () => this.#choose(code), title: `to ${purpose}` }, interventionName(code)));
    }
    $("templates").addEventListener("keydown", (event) => this.#arrows(event));
    for (const radio of document.querySelectorAll("[name=level]")) radio.addEventListener("change", () => this.#label());
    $("intervention-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = $("intervention-text").value.trim();
      if (!text || $("intervention-send").disabled) return;
      act.intervene(this.#code, this.#level, text);
      $("level-reminder").checked = true;
      this.#choose(this.#code);
    });
    this.#choose(this.#code);
  }

  get #level() {
    return document.querySelector("[name=level]:checked").value;
  }

  update(app) {
    const session = app.store.open;
    if (!session) return;
    const given = session.ledger.interventions().sort((one, other) => other.atMs - one.atMs);
    $("intervention-send").disabled = !session.open || Boolean(session.refusal) || session.over;
    show($("given-empty"), !given.length);
    const { delivered, read } = session.ledger.warnings();
    set($("warnings-count"), `${delivered.length} of ${app.store.package.value.policy.warnings_before_end} warnings delivered, ${read} acknowledged`);
    keyed($("given"), given, (one) => one.id, makeGiven, drawGiven);
  }

  #choose(code) {
    this.#code = code;
    for (const button of $("templates").children) {
      const chosen = button.dataset.code === code;
      mark(button, "aria-checked", String(chosen));
      mark(button, "tabindex", chosen ? "0" : "-1");
    }
    $("intervention-text").value = INTERVENTIONS[code].template;
    set($("intervention-purpose"), `(to ${INTERVENTIONS[code].purpose})`);
    this.#label();
  }

  #arrows(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const codes = Object.keys(INTERVENTIONS);
    this.#choose(codes[(codes.indexOf(this.#code) + step + codes.length) % codes.length]);
    $("templates").querySelector("[aria-checked=true]").focus();
  }

  #label() {
    set($("intervention-send"), `Send ${LEVEL_WORD[this.#level].toLowerCase()}`);
  }
}

export function makeGiven(one) {
  return el("li", { class: "given", data_command: one.id }, el("p", { dir: "auto" }), el("footer", {}, el("span"), el("time"), el("span", { class: "word" })));
}

export function drawGiven(node, one) {
  const [what, time, status] = node.lastChild.children;
  mark(node, "data-status", one.status);
  set(node.firstChild, one.text || interventionName(one.code));
  set(what, `${LEVEL_WORD[one.level] ?? one.level}, ${interventionName(one.code).toLowerCase()}`);
  set(time, clock(one.atMs));
  set(status, statusWord(one));
  status.className = `word ${STATUS_MEANING[one.status] ?? ""}`;
}
