// Pieces that several screens share.
import {h} from "../dom.js";
import {dirOf, percent, say, word} from "../texts.js";

export function labelled(key, label, text) {
  return h("section", {key, class: "box"}, h("h2", {}, word(label)), h("p", {class: "long", dir: dirOf(text)}, say(text)));
}

// `name` says what grows, `label` how far it is.
export function meter(key, share, name, label) {
  return h("div", {key, class: "meter", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.round(share * 100)), "aria-label": name, "aria-valuetext": `${percent(share)}. ${label}`},
    h("p", {class: "small muted"}, label), h("div", {class: "track-bar", "aria-hidden": "true"}, h("span", {share})));
}
