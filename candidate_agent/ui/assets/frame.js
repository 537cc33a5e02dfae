// Check-in and the time after the exam: header, rail of six steps, one card with one decision, and the messages beside it.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {say, word} from "./texts.js";
import {BODY} from "./screens.js";
import {chatPanel, helpPanel, badge} from "./panels.js";

const MARK = {done: "check", now: "", todo: "", sent: "send", look: "look"};

export function checkIn(view, tools) {
  const body = (BODY[view.screen] || (() => []))(view, tools);
  return h("div", {id: "screen", key: "page", class: `page ${view.chat.shown ? "with-chat" : ""}`, "data-screen": view.screen},
    h("a", {class: "skip", href: "#title", key: "skip", onclick: skip}, word("app.skip")),
    header(view, tools),
    rail(view.rail),
    h("main", {key: "main", class: "card", "data-screen": view.screen},
      h("div", {key: `scroll-${view.screen}`, class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "title"},
        view.banners.map(banner),
        h("h1", {id: "title", tabindex: "-1"}, say(view.title)),
        say(view.lead) && h("p", {key: "lead", class: "lead"}, say(view.lead)),
        ...body),
      view.actions.length > 0 && h("div", {key: "actions", class: "actions"}, view.note && h("p", {key: "note", class: "note small muted"}, say(view.note)), view.actions.map((entry) => button(entry, tools)))),
    side(view, tools),
    view.notices.length > 0 && h("div", {key: "notices", class: "float"}, view.notices.map((entry) => notice(entry, tools))));
}

function skip(event) {
  event.preventDefault();
  document.getElementById("title").focus();
}

function header(view, tools) {
  const {local} = tools;
  return h("header", {key: "header", class: "head"},
    h("div", {class: "exam-name"},
      h("p", {class: "exam-title"}, h("span", {dir: "auto"}, view.exam.title || word("app.title")), view.practice && practiceMark()),
      h("p", {class: "muted small", dir: "auto"}, [view.exam.institution, view.candidate].filter(Boolean).join(" · "))),
    view.clock && h("p", {id: "clock", class: "clock", role: "timer", "aria-label": word("clock.label")}, icon("clock"), say(view.clock)),
    h("div", {key: "tools", class: "tools"},
      view.chat.shown && h("button", {
        id: "chat-open", type: "button", class: "quiet narrow-only", "aria-expanded": String(local.panel === "chat"),
        "aria-controls": "panel-chat", onclick: () => tools.toggle("chat"),
      }, icon("chat"), h("span", {}, word("app.messages")), badge(view.chat.unread)),
      h("button", {id: "text-size", type: "button", class: "quiet", title: word("app.size"), "aria-label": word("app.size"), onclick: tools.larger}, icon("size")),
      h("button", {
        id: "help", type: "button", class: "quiet", "aria-expanded": String(local.panel === "help"), "aria-controls": "panel-help",
        onclick: () => tools.toggle("help"),
      }, icon("help"), h("span", {}, word("app.help")))));
}

export function practiceMark() {
  return h("span", {id: "practice", key: "practice", class: "badge practice"}, word("practice.badge"));
}

function rail(steps) {
  if (!steps.length) return null;
  return h("nav", {key: "rail", class: "rail", "aria-label": word("rail.label")},
    h("ol", {}, steps.map((step, index) => h("li", {key: step.id, class: step.state, "aria-current": step.state === "now" ? "step" : null},
      h("span", {class: "dot"}, MARK[step.state] ? icon(MARK[step.state]) : String(index + 1)),
      h("span", {class: "name"}, word(`rail.${step.id}`)),
      h("span", {class: "unseen"}, word(`rail.state.${step.state}`))))));
}

export function banner(entry) {
  return h("p", {key: `banner-${entry.id}`, id: `banner-${entry.id}`, class: `banner ${entry.tone}`, role: "status"}, icon(entry.tone === "calm" ? "help" : "look"), h("span", {dir: "auto"}, say(entry.body)));
}

export function button(entry, tools) {
  return h("button", {
    id: entry.id, type: "button", class: entry.kind, disabled: !entry.enabled, onclick: () => tools.act(entry.act, entry.data),
  }, say(entry.label));
}

export function notice(entry, tools) {
  const strong = entry.level !== "reminder";
  return h("section", {key: entry.id, id: `notice-${entry.id}`, class: `notice ${entry.level}`, role: "alert"},
    icon(strong ? "look" : "chat"),
    h("div", {class: "grow"},
      h("p", {class: "small strong"}, word(`notice.${entry.level}`)),
      h("p", {class: "said", dir: "auto"}, say(entry.body)),
      strong && h("p", {class: "small muted"}, word(entry.level === "final" ? "notice.final.what" : "notice.what"))),
    h("button", {id: `ack-${entry.id}`, type: "button", class: "primary", onclick: () => tools.act("acknowledge", {command_id: entry.id})}, word("notice.ack")));
}

function side(view, tools) {
  const help = tools.local.panel === "help";
  if (!view.chat.shown && !help) return null;
  return h("aside", {key: "side", class: `side ${tools.local.panel ? "open" : ""}`}, help ? helpPanel(view, tools) : chatPanel(view, tools));
}
