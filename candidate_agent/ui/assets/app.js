// Receives the newest view, draws it, and sends what the candidate does through the channel's one method. What only this page knows
// (which panel is open, how large the text is) lives in `local` and nowhere else.
import {h, patch} from "./dom.js";
import {announce} from "./announce.js";
import {loadTexts, word} from "./texts.js";
import {checkIn} from "./frame.js";
import {strip} from "./strip.js";
import {shot} from "./reports.js";

const SIZES = [100, 125, 150, 200];
const page = document.getElementById("app");
const local = {panel: "", size: 0, draft: 0, open: {}, drafts: {}, reported: "", shooting: false};
const pictures = {};
let view = null;
let agent = null;
const waiting = []; // what was done before the channel stood
let language = "";

const tools = {
  local,
  pictures,
  turned: 0, // when this page of the way was first shown
  act(name, data = {}) {
    if (agent) agent.act(name, JSON.stringify(data));
    else waiting.push([name, data]);
  },
  set(changes) { Object.assign(local, changes); draw(); opened(); },
  toggle(name) { tools.set({panel: local.panel === name ? "" : name}); },
  shut() { // who was in the panel is at the button that opened it
    const name = local.panel;
    const inside = document.activeElement.closest(".panel");
    tools.set({panel: ""});
    if (inside) opener(name)?.focus();
  },
  scale: () => SIZES[local.size] / 100,
  larger() { tools.resize((local.size + 1) % SIZES.length); },
  resize(size) {
    document.documentElement.style.fontSize = `${SIZES[size]}%`;
    agent?.text_size(SIZES[size]);
    tools.set({size});
  },
};

globalThis.examClient = {
  receive(key, value) {
    if (key === "view") show(value);
    else if (key.startsWith("preview:")) picture(key.slice(8), value);
  },
};

let newest = null;

async function show(next) {
  newest = next;
  await begun;
  if (next.language !== language) await speak(next);
  if (newest !== next) return; // a newer view came while the texts were on their way, and draws itself
  const changed = !view || view.screen !== next.screen;
  const turned = changed || view.part !== next.part;
  if (turned) tools.turned = performance.now();
  if (changed || next.leave) local.panel = "";
  const before = view;
  const asks = next.leave && !before?.leave && document.activeElement.id === "leave";
  view = next;
  if (next.text_size !== (before ? before.text_size : SIZES[0]) && SIZES.includes(next.text_size)) tools.resize(SIZES.indexOf(next.text_size));
  draw();
  if (asks) document.getElementById("leave-stay")?.focus({preventScroll: true});
  opened();
  shot(view, tools);
  tell(turned);
}

// Pictures of what leaves are made only while somebody looks at them; a picture for a report goes when its panel does.
let before = "";
function opened() {
  const [left, now] = [before, local.panel];
  if (left === now) return;
  before = now;
  if (left === "captured" || now === "captured") tools.act("live_panel", {shown: now === "captured"});
  if (left === "report" && view && view.reports && view.reports.picture.state) tools.act("drop_screenshot");
  if (left === "report" || left === "place") local.reported = "";
}

async function speak(next) {
  await loadTexts(next.language, next.direction).catch(() => loadTexts("en", "ltr"));
  language = next.language;
  document.documentElement.lang = language;
  document.documentElement.dir = next.direction;
  document.title = word("app.title");
}

function draw() {
  if (!view) return;
  document.body.className = view.strip ? "on-strip" : "on-page";
  const had = document.activeElement.id;
  patch(page, [view.strip ? strip(view, tools) : checkIn(view, tools)]);
  keepFocus(had);
  measure();
}

// Who pressed a button that works for a while (disabled), or whose row moved, finds the focus there again; where it is gone, at the heading.
const ASKED_BY = {"leave-stay": "leave"}; // a question that was answered: at the button that asked it
let missed = "";
function keepFocus(had) {
  const now = document.activeElement;
  const away = now === document.body || now.disabled;
  const id = now === document.body ? had || missed : now.id;
  missed = "";
  if (!away || !id) return;
  const element = document.getElementById(id);
  if (element && element.disabled) missed = id;
  else if (element && element.checkVisibility()) element.focus({preventScroll: true});
  else document.getElementById(ASKED_BY[id] || "title")?.focus({preventScroll: true});
}

function picture(name, base64) {
  pictures[name] = base64 ? `data:image/jpeg;base64,${base64}` : "";
  for (const image of document.querySelectorAll(`img[data-picture="${CSS.escape(name)}"]`)) image.src = pictures[name];
}

// A new screen is read by its heading, which has the focus then; who types is not interrupted, and hears it with the rest that is new.
function tell(changed) {
  const title = document.getElementById("title");
  const typing = document.activeElement && document.activeElement.matches("input, textarea");
  const heard = Boolean(changed && title && !typing);
  if (heard) title.focus({preventScroll: true});
  announce(view, heard, (words, urgent) => agent?.announce(words, urgent));
}

// The strip asks for as much room as its panels need; the window decides.
let asked = 0;
function measure() {
  if (!view || !agent) return;
  const wanted = view.strip ? Math.ceil(page.firstChild.getBoundingClientRect().height) : 0;
  if (wanted !== asked) { asked = wanted; agent.height(wanted); }
}

new ResizeObserver(measure).observe(page);
function opener(panel) {
  const openers = [...document.querySelectorAll(`[aria-controls="panel-${panel}"]`), ...document.querySelectorAll("#more, #help")];
  return openers.find((node) => node.checkVisibility());
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && local.panel) {
    const before = opener(local.panel);
    tools.set({panel: ""});
    before?.focus();
  }
});
// Enter goes on where the page offers it, wherever the focus is, unless it is on something that takes Enter itself. A key that is held down
// goes on once.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.repeat || event.isComposing || !view || !view.enter) return;
  if (event.target.closest("button, a, input, textarea, select, summary, aside")) return;
  const button = document.getElementById(view.enter);
  if (button && !button.disabled) button.click();
});
for (const name of ["dragover", "drop", "dragstart"]) addEventListener(name, (event) => event.preventDefault());

function connected(channel) {
  agent = channel.objects.agent;
  for (const [name, data] of waiting.splice(0)) tools.act(name, data);
  agent.text_size(SIZES[local.size]);
  measure();
}

if (globalThis.qt) new QWebChannel(qt.webChannelTransport, connected);

// The first words, while the rest of the program loads.
const launch = new URLSearchParams(location.search);
const opening = launch.has("language") ? {language: launch.get("language"), direction: launch.get("direction")} : null;
patch(page, [h("p", {class: "first"}, opening ? "" : "…")]);
const begun = opening ? speak(opening).then(() => patch(page, [h("p", {class: "first"}, word("joining.title"))])) : null;
