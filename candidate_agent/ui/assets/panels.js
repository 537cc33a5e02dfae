// Panels that both the check-in page and the strip open: messages, help, and what is captured now.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {arrangedList} from "./arranged.js";
import {panelHead} from "./panel-head.js";
import {cueSettings} from "./cues.js";
import {languageButtons} from "./language.js";
import {hour, number, say, word, bytes} from "./texts.js";

const LIMIT = 2000;

export function badge(count) {
  return count > 0 && h("span", {key: "badge", class: "badge"}, number(count), h("span", {class: "unseen"}, ` ${word("chat.unread", {count: count})}`));
}

export function chatPanel(view, tools) {
  const {lines, unread} = view.chat;
  const read = () => { if (unread) tools.act("read_chat"); };
  return h("section", {id: "panel-chat", class: "panel chat", "aria-label": word("chat.title"), onfocusin: read, onpointerdown: read},
    panelHead(word("chat.title"), tools),
    h("ol", {id: "chat-lines", key: `lines-${lines.length}`, class: "lines", tabindex: "0", "aria-label": word("chat.title")},
      lines.length === 0 && h("li", {key: "empty", class: "empty muted"}, word("chat.empty")),
      [...lines].reverse().map((line) => h("li", {key: line.id, class: line.mine ? "mine" : "theirs"},
        h("p", {class: "small muted"}, h("bdi", {}, line.mine ? word("chat.you") : line.sender || word("chat.proctor")), ` · ${hour(line.at_ms)}`),
        h("p", {class: "said", dir: "auto"}, line.body)))),
    h("form", {key: "form", class: "say", onsubmit: (event) => submit(event, tools)},
      h("label", {class: "unseen", for: "chat-input"}, word("chat.input")),
      h("textarea", {id: "chat-input", rows: "2", maxlength: String(LIMIT), placeholder: word("chat.input"), dir: "auto", onkeydown: enter,
        start: tools.local.drafts["chat-input"] || "", oninput: (event) => { tools.local.drafts["chat-input"] = event.target.value; tools.set({draft: event.target.value.length}); }}),
      h("button", {id: "chat-send", type: "submit", class: "primary", "aria-label": word("chat.send")}, icon("send"), h("span", {}, word("chat.send"))),
      tools.local.draft > LIMIT * 0.9 && h("p", {key: "count", class: "small muted"}, word("chat.too_long", {count: tools.local.draft}))));
}

function enter(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
}

function submit(event, tools) {
  event.preventDefault();
  const input = document.getElementById("chat-input");
  const text = input.value.trim();
  if (!text) return;
  tools.act("say", {text, message_id: crypto.randomUUID()});
  input.value = "";
  delete tools.local.drafts["chat-input"];
  tools.set({draft: 0});
  input.focus();
}

export function helpPanel(view, tools) {
  return h("section", {id: "panel-help", class: "panel", "aria-label": word("help.title")},
    panelHead(word("help.title"), tools),
    arrangedList(view.arranged),
    h("ul", {class: "plain-list"}, ["1", "2", "3", "4"].map((number) => h("li", {key: number}, word(`help.${number}`)))),
    view.contact && h("p", {key: "contact"}, h("strong", {}, `${word("help.contact")}: `), h("bdi", {}, say(view.contact))),
    view.reports && h("div", {key: "ways", class: "row"}, ["report", "place"].map((name) => wayTo(name, `help-${name}`, tools))),
    cueSettings(view, tools),
    view.strip && languageButtons(view, tools),
    h("p", {key: "keys", class: "small muted"}, word("help.keys")));
}

// A button that opens the panel `name` in place of the one it stands in.
export function wayTo(name, id, tools) {
  return h("button", {key: id, id, type: "button", onclick: () => {
    tools.set({panel: name});
    const first = document.querySelector(`#panel-${name} :is(input, textarea, button.primary)`);
    if (first) first.focus({preventScroll: true});
  }}, icon(name), h("span", {}, word(`strip.${name}`)));
}

export function capturedPanel(view, tools) {
  const {tracks, pictures, watchers, findings, compared, profile} = view.captured;
  return h("section", {id: "panel-captured", class: "panel", "aria-label": word("captured.title")},
    panelHead(word("captured.title"), tools),
    h("div", {class: "captured"},
      pictures.map((name) => h("img", {key: name, class: "thumb", "data-picture": name, src: tools.pictures[name] || null, alt: word(`track.${name === "camera" ? "webcam" : name}`)})),
      h("ul", {key: "rows", class: "rates"},
        tracks.map((track) => h("li", {key: track.id}, icon(track.id), h("span", {}, word(`track.${track.id}`)), h("span", {class: "muted number"}, word("captured.rate", {size: bytes(track.bytes_per_s)})))),
        tracks.length === 0 && h("li", {key: "none"}, word("captured.none"))),
      h("div", {key: "who", class: "grow"},
        h("p", {class: "with-icon"}, icon("person"), h("span", {}, watchers.length ? word("captured.watchers", {count: watchers.length, names: watchers}) : word("captured.nobody"))),
        h("p", {class: "with-icon muted small"}, icon("lock"), h("span", {}, word("captured.sealed"))),
        findings && h("p", {key: "findings", class: "with-icon muted small"}, icon("webcam"), h("span", {}, word("captured.findings"))),
        compared && h("p", {key: "compared", class: "with-icon muted small"}, icon("compare"), h("span", {}, word("captured.compared"))),
        profile && h("p", {key: "profile", id: "captured-profile", class: "with-icon small"}, icon("link"), h("span", {}, say(profile))),
        view.link.waiting > 0 && h("p", {key: "waiting", class: "small muted"}, word("captured.waiting", {count: view.link.waiting})))));
}
