// Identity picture and room scan.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {dirOf, number, say, word} from "../texts.js";
import {meter} from "./parts.js";

export function step(view, tools) {
  const live = view.picture === "camera";
  return [
    view.again && h("section", {key: "again", class: "banner look strongly"}, icon("look"), h("div", {}, h("p", {class: "small"}, word("step.again")), h("p", {class: "said", dir: dirOf(view.again)}, say(view.again)))),
    h("div", {key: "stage", class: view.again ? "stage again" : "stage"},
      h("figure", {class: `preview ${view.stage}`},
        view.has_picture
          ? h("img", {id: "preview", key: `img-${view.picture}`, "data-picture": view.picture, src: tools.pictures[view.picture] || null, class: live ? "mirror" : "", alt: word(live ? "step.preview" : "step.taken")})
          : h("p", {key: "none", class: "no-picture"}, icon("webcam"), h("span", {}, word("step.no_picture"))),
        live && view.stage === "ready" && h("figcaption", {key: "only"}, icon("lock"), h("span", {}, word("step.mirror"))),
        view.stage === "taking" && h("div", {key: "bar", class: "over-picture"}, meter("taking", view.progress, say(view.title)))),
      h("div", {key: "words"},
        h("ol", {class: "tips"}, view.tips.map((tip, index) => h("li", {key: tip.key}, h("span", {class: "dot"}, number(index + 1)), h("span", {}, say(tip))))),
        h("p", {class: "with-icon muted small"}, icon("help"), h("span", {}, say(view.why))))),
  ];
}
