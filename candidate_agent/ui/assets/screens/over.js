// After the exam.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {dirOf, say, word, bytes} from "../texts.js";
import {meter} from "./parts.js";

export function over(view) {
  const {upload} = view;
  const state = !upload ? "" : upload.receipt && !upload.left ? "receipt" : upload.left && !upload.link_up ? "waiting" : upload.left ? "" : "asking";
  return [
    view.problem && h("p", {key: "problem", class: "banner look"}, icon("look"), h("span", {dir: dirOf(view.problem)}, say(view.problem))),
    h("section", {key: "restored", id: "over-restored", class: "box"}, h("h2", {class: "with-icon"}, icon("computer"), word("over.restored.title")),
      h("p", {class: `verdict ${view.restored ? "fine" : view.restored === false ? "stop" : "still"}`}, icon(view.restored ? "check" : view.restored === false ? "stop" : "wait"),
        h("span", {}, word(view.restored ? "over.restored.yes" : view.restored === false ? "over.restored.no" : "over.restored.pending"))),
      view.measures.length > 0 && h("ul", {key: "list", class: "measures"}, view.measures.map((entry) => h("li", {key: say(entry.name)},
        icon(entry.outcome === "fine" ? "check" : "stop", entry.outcome === "fine" ? "fine" : "stop"), h("span", {class: "grow", dir: dirOf(entry.name)}, say(entry.name)),
        h("span", {class: "muted small"}, word(entry.outcome === "fine" ? "over.measure.fine" : "over.measure.left")))))),
    upload && h("section", {key: "upload", id: "over-upload", class: "box", "data-left": String(upload.left)}, h("h2", {class: "with-icon"}, icon("send"), word("over.upload.title")),
      meter("upload", upload.share, upload.left ? `${word("over.upload.left", {count: upload.left})} · ${word("over.upload.size", {size: bytes(upload.bytes)})}` : word(`over.upload.${state}`)),
      state === "waiting" && h("p", {key: "wait", class: "small"}, word("over.upload.waiting")),
      upload.left > 0 && h("p", {key: "stay", class: "small muted"}, word("over.stay")),
      view.receipt_path && h("p", {key: "path", class: "small"}, word("over.receipt.path", {path: view.receipt_path}))),
    say(view.contact) && h("p", {key: "contact", class: "muted"}, word("over.contact"), " ", h("bdi", {}, say(view.contact))),
  ];
}
