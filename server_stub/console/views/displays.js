// The switch under the screen: which of a candidate's displays is shown, where there is more than one. Radio buttons, so
// that arrow keys work. Called by views/pane.js.

import { el, keyed, show } from "../base/dom.js";

const $ = (id) => document.getElementById(id);

export class Displays {
  #chosen = 0;

  /** `choose(display)` when a person wants to see another one. */
  constructor(choose) {
    this.choose = choose;
  }

  get chosen() {
    return this.#chosen;
  }

  /** Another candidate is opened: the exam's own display first. */
  reset() {
    this.#chosen = 0;
    keyed($("displays-list"), [], String, () => null);
  }

  update(session) {
    const known = [...session.displays].sort();
    show($("displays"), known.length > 1);
    keyed($("displays-list"), known.length > 1 ? known : [], String, (display) => this.#make(display), (node, display) => {
      node.firstElementChild.checked = display === this.#chosen;
    });
  }

  #make(display) {
    const input = el("input", { type: "radio", name: "display", value: String(display), id: `display-${display + 1}` });
    input.addEventListener("change", () => {
      this.#chosen = display;
      this.choose(display);
    });
    return el("label", {}, input, el("span", {}, `Display ${display + 1}`));
  }
}
