// What camera and microphone give now: picture, light and place in words, and a level meter with a sentence. None of it is spoken by
// itself: it changes all the time, and a screen reader reads it where its user goes.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {say, word} from "../texts.js";

export function devices(view, tools) {
  const {camera, microphone, note} = view.devices;
  return h("section", {key: "devices", class: "devices", "aria-labelledby": "devices-title"},
    h("h2", {id: "devices-title", key: "head"}, word("devices.title")),
    h("figure", {key: "preview", class: "preview"},
      camera.has_picture
        ? h("img", {id: "preview", key: "img-camera", "data-picture": "camera", src: tools.pictures.camera || null, class: "mirror", alt: word("step.preview")})
        : h("p", {key: "none", class: "no-picture"}, icon("webcam"), h("span", {}, word("devices.no_picture")))),
    h("div", {key: "hints", class: "hints"},
      camera.hints.map(hint),
      level(microphone),
      h("p", {key: "only", class: "with-icon small muted"}, icon("lock"), h("span", {}, say(note)))));
}

function hint(entry) {
  return h("p", {key: entry.id, id: `hint-${entry.id}`, class: `with-icon hint ${entry.fine ? "fine" : "look"}`, dir: "auto"}, icon(entry.fine ? "check" : "look"), h("span", {}, say(entry.body)));
}

function level(microphone) {
  const {share} = microphone;
  return h("div", {key: "level", class: "level"},
    share !== null && h("p", {key: "label", class: "small muted", "aria-hidden": "true"}, word("checks.level")),
    share !== null && h("div", {key: "meter", id: "level", role: "meter", "aria-label": word("checks.level"), "aria-valuemin": "0", "aria-valuemax": "100",
      "aria-valuenow": String(Math.round(share * 100)), "aria-valuetext": say(microphone.hint.body)},
    h("span", {class: "track-bar", "aria-hidden": "true"}, h("span", {share}))),
    hint(microphone.hint));
}
