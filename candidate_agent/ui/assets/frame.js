// Check-in and the time after the exam: header, rail of six steps, one card with one decision, and the messages beside it.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {languageList} from "./language.js";
import {dirOf, number, percent, say, word} from "./texts.js";
import {BODY} from "./screens.js";
import {chatPanel, helpPanel, badge} from "./panels.js";
import {placePanel, reportPanel} from "./reports.js";

const SIDE = {help: helpPanel, report: reportPanel, place: placePanel};
const MARK = {done: "check", now: "", todo: "", sent: "send", look: "look"};

export function checkIn(view, tools) {
  const body = (BODY[view.screen] || (() => []))(view, tools);
  return h("div", {id: "screen", key: "page", class: `page ${view.chat.shown ? "with-chat" : ""}`, "data-screen": view.screen, "data-part": view.part || null},
    h("a", {class: "skip", href: "#title", key: "skip", onclick: skip}, word("app.skip")),
    header(view, tools),
    rail(view.rail),
    h("main", {key: "main", class: "card", "data-screen": view.screen},
      h("div", {key: `scroll-${view.screen}-${view.part || ""}`, class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "title"},
        view.banners.map(banner),
        h("h1", {id: "title", tabindex: "-1", dir: dirOf(view.title)}, say(view.title)),
        say(view.lead) && h("p", {key: "lead", class: "lead", dir: dirOf(view.lead)}, say(view.lead)),
        ...body),
      (view.actions.length > 0 || view.texts) && h("div", {key: "actions", class: "actions"}, view.texts && textsButton(tools),
        view.note && h("p", {key: "note", class: "note small muted"}, say(view.note)), view.actions.map((entry) => button(entry, tools)))),
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
      h("p", {class: "exam-title clip-2"}, h("span", {dir: "auto"}, view.exam.title || word("app.title")), view.practice && practiceMark()),
      h("p", {class: "muted small clip-1"}, view.exam.institution && h("bdi", {}, view.exam.institution), view.exam.institution && view.candidate && " · ", view.candidate && h("bdi", {}, view.candidate))),
    view.clock && h("p", {id: "clock", class: "clock", role: "timer", "aria-label": word("clock.label")}, icon("clock"), say(view.clock)),
    h("div", {key: "tools", class: "tools"},
      view.chat.shown && h("button", {
        id: "chat-open", type: "button", class: "quiet narrow-only", "aria-expanded": String(local.panel === "chat"),
        "aria-controls": "panel-chat", onclick: () => tools.toggle("chat"),
      }, icon("chat"), h("span", {}, word("app.messages")), badge(view.chat.unread)),
      view.arranged.length > 0 && h("button", {
        id: "arranged", type: "button", class: "quiet", "aria-expanded": String(local.panel === "help"), "aria-controls": "panel-help", onclick: () => tools.toggle("help"),
      }, icon("person"), h("span", {}, word("arranged.open"))),
      languageList(view, tools),
      h("button", {id: "text-size", type: "button", class: "quiet", "aria-label": `${word("app.size")}: ${percent(tools.scale())}`, onclick: tools.larger}, icon("size")),
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
      h("span", {class: "dot"}, MARK[step.state] ? icon(MARK[step.state]) : number(index + 1)),
      h("span", {class: "name"}, word(`rail.${step.id}`)),
      h("span", {class: "unseen"}, word(`rail.state.${step.state}`))))));
}

export function banner(entry) {
  return h("div", {key: `banner-${entry.id}`, id: `banner-${entry.id}`, class: `banner ${entry.tone}`}, icon(entry.tone === "calm" ? "help" : "look"),
    h("p", {}, h("span", {dir: "auto"}, say(entry.body)), entry.more && h("span", {key: "more", class: "more"}, say(entry.more))));
}

const DELIBERATE_MS = 400;

// A "careful" button is not pressed by the second half of a double click on what stood in its place.
export function button(entry, tools) {
  return h("button", {
    id: entry.id, type: "button", class: entry.kind, disabled: !entry.enabled,
    onclick: (event) => { if (!entry.careful || isDeliberate(event, tools)) tools.act(entry.act, entry.data); },
  }, say(entry.label));
}

// By the pointer's own time; what has no pointer (a key, a script) comes from the focus, which was moved here on purpose.
function isDeliberate(event, tools) {
  return event.detail === 0 || event.timeStamp - tools.turned > DELIBERATE_MS;
}

function textsButton(tools) {
  return h("button", {id: "texts", type: "button", class: "quiet texts", onclick: () => tools.act("texts", {shown: true})}, icon("lock"), h("span", {}, word("reread.open")));
}

// A reminder is announced with the rest; what must be acknowledged is an alert, and neither takes the keyboard.
export function notice(entry, tools) {
  const strong = entry.level !== "reminder";
  const [title, body, what] = ["title", "body", "what"].map((part) => `notice-${part}-${entry.id}`);
  return h("section", {key: entry.id, id: `notice-${entry.id}`, class: `notice ${entry.level}`, role: strong ? "alertdialog" : "group", "aria-modal": strong ? "false" : null, "aria-labelledby": title, "aria-describedby": strong ? `${body} ${what}` : body},
    icon(strong ? "look" : "chat"),
    h("div", {class: "grow", role: strong ? "alert" : null},
      h("p", {id: title, class: "small strong"}, word(`notice.${entry.level}`)),
      h("p", {id: body, class: "said", dir: dirOf(entry.body)}, say(entry.body)),
      strong && h("p", {id: what, class: "small muted"}, word(entry.level === "final" ? "notice.final.what" : "notice.what"))),
    h("button", {id: `ack-${entry.id}`, type: "button", class: "primary", onclick: () => tools.act("acknowledge", {command_id: entry.id})}, word("notice.ack")));
}

function side(view, tools) {
  const open = view.reports || tools.local.panel === "help" ? SIDE[tools.local.panel] : null;
  if (!view.chat.shown && !open) return null;
  return h("aside", {key: "side", class: `side ${tools.local.panel ? "open" : ""}`}, (open || chatPanel)(view, tools));
}
