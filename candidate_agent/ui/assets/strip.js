// The bar over the exam. Nothing in here takes the keyboard by itself; panels open under the bar and push the exam down.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {say, word} from "./texts.js";
import {badge, capturedPanel, chatPanel, helpPanel, wayTo} from "./panels.js";
import {panelHead} from "./panel-head.js";
import {placePanel, reportPanel} from "./reports.js";
import {news} from "./cues.js";
import {banner, notice, practiceMark} from "./frame.js";
import {program} from "./programs.js";

const PANELS = {chat: chatPanel, help: helpPanel, captured: capturedPanel, finish: finishPanel, report: reportPanel, place: placePanel, more: morePanel, break: breakPanel};

export function strip(view, tools) {
  const open = view.leave ? leavePanel : PANELS[tools.local.panel];
  return h("div", {id: "screen", key: "strip", class: "strip-root", "data-screen": view.screen},
    h("header", {key: "bar", class: "strip", "aria-label": word("strip.label"), title: word("strip.switch")}, bar(view, tools)),
    h("main", {key: "below", class: "below"},
      h("h1", {id: "title", key: "title", class: "unseen", tabindex: "-1"}, say(view.title)),
      view.notices.map((entry) => notice(entry, tools)),
      news(view, tools),
      view.programs.map((entry) => program(entry, tools)),
      view.banners.map(banner),
      open && h("div", {key: `open-${view.leave ? "leave" : tools.local.panel}`, class: tools.local.shooting ? "drawer away" : "drawer"}, open(view, tools))));
}

function bar(view, tools) {
  const {captured, link, chat} = view;
  return [
    view.practice && practiceMark(),
    opener("recording", "captured", tools, [
      h("span", {class: captured.on ? "lamp on" : "lamp", "aria-hidden": "true"}),
      h("span", {class: "strong"}, word(captured.on ? "strip.recording" : "strip.not_recording")),
      captured.tracks.map((track) => h("span", {key: track.id, class: "track"}, icon(track.id), h("span", {class: "wide-only"}, word(`track.${track.id}`)))),
    ]),
    h("span", {id: "link", key: "link", class: `link ${link.state}`}, icon(link.state === "lost" ? "lost" : "link"), h("span", {}, word(`link.${link.state}`))),
    h("span", {id: "clock", key: "clock", class: "clock", role: "timer", "aria-label": word("clock.label")}, icon("clock"), h("span", {class: "number"}, say(view.clock))),
    h("span", {key: "gap", class: "grow"}),
    opener("chat-open", "chat", tools, [icon("chat"), h("span", {class: "wide-only"}, word("strip.messages")), badge(chat.unread)], chat.unread && view.cues.visual ? "new" : ""),
    h("button", {
      id: "hand", key: "hand", type: "button", class: view.strip.hand ? "quiet pressed" : "quiet", "aria-pressed": String(view.strip.hand),
      onclick: () => tools.act("raise_hand", {raised: !view.strip.hand}),
    }, icon("hand"), h("span", {class: "wide-only"}, word(view.strip.hand ? "strip.hand_up" : "strip.hand"))),
    opener("help", "help", tools, [icon("help"), h("span", {}, word("strip.help"))], "fold-2"),
    opener("report", "report", tools, [icon("report"), h("span", {}, word("strip.report"))], "fold-1"),
    view.breaks && opener("break", "break", tools, [icon("break"), h("span", {}, word("strip.break"))], "fold-1"),
    opener("more", "more", tools, [icon("more"), h("span", {}, word("strip.more"))], "unfold"),
    opener("finish", "finish", tools, [icon("finish"), h("span", {}, word("strip.finish"))]),
    h("button", {
      id: "leave", key: "leave", type: "button", class: "quiet", "aria-expanded": String(view.leave), onclick: () => tools.act(view.leave ? "leave_withdrawn" : "leave"),
    }, icon("leave"), h("span", {}, word("strip.leave"))),
  ];
}

function opener(id, panel, tools, content, more = "") {
  return h("button", {
    id, key: id, type: "button", class: `quiet ${more}`, "aria-expanded": String(tools.local.panel === panel), "aria-controls": `panel-${panel}`,
    onclick: () => { tools.toggle(panel); into(panel); },
  }, content);
}

// Who asks is at the answer that changes nothing.
function into(panel) {
  document.getElementById(`panel-${panel}`)?.matches("[role=dialog]") && document.getElementById(`${panel}-stay`).focus({preventScroll: true});
}

function leavePanel(view, tools) {
  return question("leave", [
    h("button", {id: "leave-stay", type: "button", class: "primary", onclick: () => tools.act("leave_withdrawn")}, word("leave.stay")),
    h("button", {id: "leave-confirm", type: "button", class: "danger", onclick: () => tools.act("leave_confirmed")}, word("leave.confirm")),
  ]);
}

// What a narrow bar has no room for.
function morePanel(view, tools) {
  const names = ["help", "report", "place", ...(view.breaks ? ["break"] : [])];
  return h("section", {id: "panel-more", class: "panel", "aria-label": word("more.title")}, panelHead(word("more.title"), tools),
    h("div", {key: "ways", class: "more-list"}, names.map((name) => wayTo(name, `more-${name}`, tools))));
}

function breakPanel(view, tools) {
  if (!view.breaks) return null;
  return h("section", {id: "panel-break", class: "panel question", ...asking("break")},
    h("div", {class: "grow"}, h("h2", {id: "break-title"}, word("break.ask.title")), h("p", {key: "left", class: "strong"}, say(view.breaks.left)),
      h("ul", {id: "break-what", class: "facts"}, view.breaks.facts.map((fact, index) => h("li", {key: String(index)}, icon("check"), h("span", {}, say(fact)))))),
    h("div", {class: "row"},
      h("button", {id: "break-stay", type: "button", onclick: tools.shut}, word("break.ask.stay")),
      h("button", {id: "break-start", type: "button", class: "primary", disabled: !view.breaks.may, onclick: () => tools.act("break")}, word("break.ask.start"))));
}

function finishPanel(view, tools) {
  return question("finish", [
    h("button", {id: "finish-stay", type: "button", onclick: tools.shut}, word("finish.stay")),
    h("button", {id: "finish-confirm", type: "button", class: "primary", onclick: () => tools.act("finish")}, word("finish.confirm")),
  ]);
}

function question(name, buttons) {
  return h("section", {id: `panel-${name}`, class: "panel question", ...asking(name)},
    h("div", {class: "grow"}, h("h2", {id: `${name}-title`}, word(`${name}.title`)), h("p", {id: `${name}-what`}, word(`${name}.what`))), h("div", {class: "row"}, buttons));
}

// A dialog that keeps nobody from the rest of the page: the exam goes on beside it.
function asking(name) {
  return {role: "dialog", "aria-modal": "false", "aria-labelledby": `${name}-title`, "aria-describedby": `${name}-what`};
}
