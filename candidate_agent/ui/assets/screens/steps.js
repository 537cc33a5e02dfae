// Identity picture and room scan.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {dirOf, number, say, word} from "../texts.js";
import {button} from "../frame.js";
import {meter} from "./parts.js";

const MARK = {fine: "check", look: "look", still: "webcam"};

export function step(view, tools) {
  return [
    view.trouble && h("p", {key: "trouble", class: "with-icon"}, icon("help"), h("span", {}, say(view.trouble))),
    view.again && h("section", {key: "again", class: "banner look strongly"}, icon("look"), h("div", {}, h("p", {class: "small"}, word("step.again")), h("p", {class: "said", dir: dirOf(view.again)}, say(view.again)))),
    h("div", {key: "stage", class: view.again ? "stage again" : "stage"},
      h("figure", {class: `preview ${view.stage}`}, picture(view, tools)),
      h("div", {key: "words", class: "step-words"},
        view.hint !== undefined && hint(view.hint),
        view.verdict && told("verdict", view.verdict),
        view.person && h("p", {key: "person", class: "hint with-icon"}, icon("person"), h("span", {}, say(view.person))),
        view.zone && zone(view.zone),
        view.ring && ring(view.ring),
        view.left && h("p", {key: "left", class: "with-icon muted small"}, icon("clock"), h("span", {}, say(view.left))),
        view.tips.length > 0 && !view.ring && h("ol", {key: "tips", class: "tips"}, view.tips.map((tip, index) => h("li", {key: tip.key}, h("span", {class: "dot"}, number(index + 1)), h("span", {}, say(tip))))),
        h("p", {key: "why", class: "with-icon muted small"}, icon("help"), h("span", {}, say(view.why))),
        view.ways && view.ways.map((entry) => way(entry, tools)))),
  ];
}

function picture(view, tools) {
  const live = view.picture === "camera";
  return [
    view.has_picture
      ? h("img", {id: "preview", key: `img-${view.picture}`, "data-picture": view.picture, src: tools.pictures[view.picture] || null, class: live && !view.plain ? "mirror" : "", alt: word(live ? "step.preview" : "step.taken")})
      : h("p", {key: "none", class: "no-picture"}, icon("webcam"), h("span", {}, word("step.no_picture"))),
    live && view.has_picture && view.outline && outline(view.outline, view.hint.id),
    live && view.stage === "ready" && h("figcaption", {key: "only"}, icon("lock"), h("span", {}, word("step.mirror"))),
    view.stage === "taking" && h("div", {key: "bar", class: "over-picture"}, meter("taking", view.progress, say(view.title), say(view.title))),
  ];
}

// The same box and the same fit as the picture under it, so that the lines lie on the card.
function outline({points, size}, hint) {
  const [width, height] = size;
  const at = points.map(([x, y]) => `${(x * width / 1000).toFixed(1)} ${(y * height / 1000).toFixed(1)}`);
  return h("svg", {key: "outline", class: `outline mirror ${hint === "good" ? "good" : ""}`, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true", focusable: "false"},
    h("path", {class: "under", d: `M${at.join("L")}Z`}), h("path", {class: "line", d: `M${at.join("L")}Z`}));
}

// Always there, so that a screen reader hears each change; the words change every two seconds at most.
function hint(entry) {
  return h("p", {key: "hint", id: "hint", class: `hint verdict ${entry ? entry.tone : "still"}`, role: "status"},
    icon(entry ? MARK[entry.tone] : "wait"), h("span", {}, entry ? say(entry.body) : word("hint.looking")));
}

function told(key, entry) {
  return h("p", {key, id: key, class: `hint verdict ${entry.tone}`}, icon(MARK[entry.tone]), h("span", {}, say(entry.body)));
}

function zone(entry) {
  return h("section", {key: "zone", id: "zone", class: "box"}, h("h2", {}, say(entry.title)),
    entry.facts.length > 0 && h("dl", {key: "facts", class: "zone-facts"}, entry.facts.map((fact) => h("div", {key: fact.id}, h("dt", {class: "muted"}, say(fact.label)), h("dd", {dir: "auto"}, say(fact.value))))),
    h("p", {key: "said"}, say(entry.said)), h("p", {key: "note", class: "small muted"}, say(entry.note)));
}

// Eight directions seen from above; the camera starts at the top and a turn to the right goes clockwise.
function ring({covered, here, of}) {
  const arcs = Array.from({length: of}, (_, place) => h("path", {key: `arc-${place}`, d: arc(place, of), class: `arc ${covered.includes(place) ? "seen" : ""} ${place === here ? "here" : ""}`}));
  return h("div", {key: "ring", class: "ring"},
    h("svg", {viewBox: "0 0 100 100", "aria-hidden": "true", focusable: "false"}, arcs),
    meter("directions", covered.length / of, word("rail.room"), word("room.directions", {count: covered.length, of})));
}

function arc(place, of) {
  const [from, to] = [place - 0.44, place + 0.44].map((at) => (at / of) * 2 * Math.PI);
  const point = (angle) => `${(50 + 42 * Math.sin(angle)).toFixed(2)} ${(50 - 42 * Math.cos(angle)).toFixed(2)}`;
  return `M${point(from)}A42 42 0 0 1 ${point(to)}`;
}

function way(entry, tools) {
  return h("details", {key: `way-${entry.id}`, class: "fold way"},
    h("summary", {id: `way-${entry.id}`}, h("span", {}, say(entry.title)), icon("down", "turn")),
    h("div", {class: "way-body"}, h("p", {}, say(entry.body)),
      entry.more && h("p", {key: "more", class: "small"}, h("strong", {}, say(entry.more.label)), " ", h("span", {dir: "auto"}, say(entry.more.body))),
      button(entry.action, tools)));
}
