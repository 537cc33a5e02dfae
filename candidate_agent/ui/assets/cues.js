// How something new is told: a line under the bar and two soft tones. Neither takes the keyboard, and each can be switched off.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {word} from "./texts.js";
import {choice} from "./reports.js";

export function news(view, tools) {
  const {chat, cues} = view;
  if (!cues.visual || !chat.unread || tools.local.panel === "chat") return null;
  const line = [...chat.lines].reverse().find((one) => !one.mine);
  if (!line) return null;
  return h("section", {key: "news", id: "news", class: "notice reminder news"}, icon("chat"),
    h("div", {class: "grow"},
      h("p", {class: "small strong clip-1", dir: "auto"}, word("news.from", {name: line.sender || word("chat.proctor")})),
      h("p", {class: "said clip-2", dir: "auto"}, line.body)),
    h("button", {id: "news-open", type: "button", onclick: () => open(tools)}, word("news.open")));
}

function open(tools) {
  tools.set({panel: "chat"});
  document.getElementById("chat-input").focus();
}

export function cueSettings(view, tools) {
  return h("fieldset", {key: "cues", class: "choices"}, h("legend", {}, word("cue.title")),
    ["sound", "visual"].map((kind) => choice("checkbox", `cue-${kind}`, kind, word(`cue.${kind}`), view.cues[kind],
      (event) => tools.act("cue", {kind, on: event.target.checked}))));
}
