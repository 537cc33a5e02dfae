// Single keys outside text fields, and the dialog that lists them and switches them off. Called by app.js.

import { el } from "../base/dom.js";

const $ = (id) => document.getElementById(id);
const SETTING = "single-keys";

export class Shortcuts {
  /** `keys`: [[key, what it does, act()]]. */
  constructor(keys) {
    this.keys = new Map(keys.map(([key, , act]) => [key, act]));
    $("shortcuts-rows").append(...keys.map(([key, words]) => el("tr", {}, el("td", {}, el("kbd", {}, key)), el("td", {}, words))));
    $("shortcuts-on").checked = localStorage.getItem(SETTING) !== "off";
    $("shortcuts-on").addEventListener("change", () => localStorage.setItem(SETTING, $("shortcuts-on").checked ? "on" : "off"));
    $("shortcuts-button").addEventListener("click", () => $("shortcuts-dialog").showModal());
    $("shortcuts-close").addEventListener("click", () => $("shortcuts-dialog").close());
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  #pressed(event) {
    const typing = event.target.closest?.("input, textarea, select, dialog[open]");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || !$("shortcuts-on").checked) return;
    const act = this.keys.get(event.key);
    if (!act || document.body.dataset.phase !== "console") return;
    event.preventDefault();
    act();
  }
}
