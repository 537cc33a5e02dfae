// Pieces that several screens share.
import {h} from "../dom.js";
import {dirOf, say, word} from "../texts.js";

export function labelled(key, label, text) {
  return h("section", {key, class: "box"}, h("h2", {}, word(label)), h("p", {class: "long", dir: dirOf(text)}, say(text)));
}

export function meter(key, share, label) {
  return h("div", {key, class: "meter", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.round(share * 100)), "aria-label": label},
    h("p", {class: "small muted"}, label), h("div", {class: "track-bar", "aria-hidden": "true"}, h("span", {share})));
}
