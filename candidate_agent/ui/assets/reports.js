// What a candidate reports: a problem with the program, or something about their room. Every part that would go is shown and can be left
// out; the number comes back in the same place. What is typed stays in `local.drafts`, so that nothing closes over it.
import {h} from "./dom.js";
import {icon} from "./icons.js";
import {say, word} from "./texts.js";
import {panelHead} from "./panel-head.js";

const LIMIT = 2000;
const ASIDE_MS = 600; // until the window has stepped aside and the exam is drawn again
const GIVE_UP_MS = 8000;

export function reportPanel(view, tools) {
  return panel("report", view, tools, problemForm);
}

export function placePanel(view, tools) {
  return panel("place", view, tools, placeForm);
}

function panel(name, view, tools, form) {
  const {sent} = view.reports;
  const last = sent.find((one) => one.id === tools.local.reported);
  const before = sent.filter((one) => one !== last);
  const earlier = before.length > 0 && h("section", {key: "before", class: "box"}, h("h3", {}, word("report.sent")),
    h("ul", {class: "plain-list small"}, before.map((one) => h("li", {key: one.id}, say(one.body)))));
  const reported = tools.local.reported; // what was said before is read before it is written again
  return h("section", {id: `panel-${name}`, class: "panel report", "aria-label": word(`${name}.title`)},
    panelHead(word(`${name}.title`), tools),
    !reported && earlier, reported ? answer(last, view, tools) : form(view, tools), reported && earlier);
}

function answer(sent, view, tools) {
  return h("div", {key: "answer", class: "report-answer"},
    sent && sent.number && h("p", {key: "number", id: "report-number", class: "report-number", dir: "ltr"}, sent.number),
    h("p", {key: "state", id: "report-answer", tabindex: "-1", role: "status", "data-state": sent ? sent.state : "sending"}, sent ? say(sent.body) : word("report.state.sending")),
    sent && sent.number && h("p", {key: "note", class: "small muted"}, word("report.note")),
    times(view),
    h("div", {key: "row", class: "row"}, h("button", {id: "report-another", type: "button", onclick: () => tools.set({reported: ""})}, word("report.another"))));
}

function times(view) {
  return h("div", {key: "times", class: "small muted report-times"}, h("p", {}, say(view.reports.hours)),
    h("p", {dir: "auto"}, h("strong", {}, `${word("report.contact")} `), h("bdi", {}, say(view.reports.contact))),
    view.strip && h("p", {key: "proctor"}, word("report.proctor")));
}

function problemForm(view, tools) {
  return h("form", {key: "problem", class: "report-form", onsubmit: (event) => send(event, "problem", tools)},
    h("p", {class: "muted"}, word("report.lead")),
    h("div", {key: "said", class: "field"}, h("label", {for: "report-text"}, word("report.text")), area("report-text", tools)),
    h("fieldset", {key: "when", class: "choices"}, h("legend", {}, word("report.when")),
      ["0", "5", "15", "60", "out"].map((minutes) => choice("radio", "report-when", minutes, word(`report.when.${minutes}`), minutes === "0"))),
    choice("checkbox", "report-unusable", "yes", word("report.unusable"), false),
    h("fieldset", {key: "parts", class: "choices parts"}, h("legend", {}, word("report.parts")),
      view.reports.parts.map((part) => h("div", {key: part.id, class: "part"},
        choice("checkbox", `report-part-${part.id}`, part.id, word(`report.part.${part.id}`), true),
        h("ul", {class: "part-rows small"}, part.rows.map((row, index) => h("li", {key: String(index)}, row.name && h("span", {class: "muted"}, `${say(row.name)}: `), h("bdi", {dir: "ltr"}, row.value || "–")))))),
      picturePart(view.reports.picture, tools)),
    times(view),
    h("div", {key: "send", class: "row"}, h("button", {id: "report-send", type: "submit", class: "primary"}, icon("send"), h("span", {}, word("report.send"))),
      h("span", {class: "with-icon muted small"}, icon("lock"), h("span", {}, word("report.sealed")))));
}

function picturePart(picture, tools) {
  const children = {
    "": () => [h("button", {key: "take", id: "report-take", type: "button", class: "small-button", onclick: () => shoot(tools)}, icon("screen"), h("span", {}, word("report.picture.take"))), h("p", {key: "what", class: "small muted"}, word("report.picture.what"))],
    failed: () => [h("p", {key: "failed", class: "small"}, word("report.picture.failed"))],
    taken: () => [
      h("img", {key: "shot", class: "report-shot", "data-picture": "report", src: tools.pictures.report || null, alt: word("report.picture.shown")}),
      h("button", {key: "drop", id: "report-drop", type: "button", class: "small-button", onclick: () => { tools.act("drop_screenshot"); focus("report-text"); }}, word("report.picture.drop")),
    ],
  };
  return h("div", {key: "picture", class: "part", "data-state": picture.state}, h("p", {class: "strong"}, word("report.picture")),
    picture.offered ? children[picture.state]() : h("p", {key: "none", class: "small muted"}, word("report.picture.none")));
}

// The drawer is away while the picture is taken, so that the exam screen is what the picture shows.
function shoot(tools) {
  tools.set({shooting: true});
  setTimeout(() => tools.act("screenshot"), ASIDE_MS);
  setTimeout(() => back(tools), GIVE_UP_MS);
}

export function shot(view, tools) {
  if (tools.local.shooting && view.reports && view.reports.picture.state) back(tools);
}

function back(tools) {
  if (!tools.local.shooting) return;
  tools.set({shooting: false});
  focus(document.getElementById("report-drop") ? "report-drop" : "report-text");
}

function placeForm(view, tools) {
  return h("form", {key: "place", class: "report-form", onsubmit: (event) => send(event, "place", tools)},
    h("p", {class: "muted"}, word("place.lead")),
    h("fieldset", {key: "about", class: "choices"}, h("legend", {}, word("place.about")),
      view.reports.places.map((name) => choice("radio", "place-about", name, word(`place.${name}`), name === "noise"))),
    h("div", {key: "said", class: "field"}, h("label", {for: "place-text"}, word("place.text")), area("place-text", tools)),
    h("div", {key: "send", class: "row"}, h("button", {id: "place-send", type: "submit", class: "primary"}, icon("send"), h("span", {}, word("place.send")))));
}

function area(id, tools) {
  const {drafts} = tools.local;
  return h("textarea", {id, rows: "2", maxlength: String(LIMIT), dir: "auto", start: drafts[id] || "", oninput: (event) => { drafts[id] = event.target.value; }});
}

export function choice(type, name, value, label, checked, onchange) {
  const id = type === "radio" ? `${name}-${value}` : name;
  return h("label", {key: id, class: "choice", for: id}, h("input", {id, type, name, value, checked, onchange}), h("span", {}, label));
}

function picked(form, name) {
  const found = form.querySelector(`input[name="${CSS.escape(name)}"]:checked`);
  return found ? found.value : "";
}

function send(event, kind, tools) {
  event.preventDefault();
  const form = event.target;
  const problem = kind === "problem";
  const field = problem ? "report-text" : "place-text";
  const when = problem ? picked(form, "report-when") : "0";
  const parts = problem ? ["server", "candidate", "facts"].filter((name) => picked(form, `report-part-${name}`)) : [];
  if (when !== "out") parts.push("noticed");
  if (document.getElementById("report-drop")) parts.push("picture");
  const reported = crypto.randomUUID();
  tools.act("report", {
    report_id: reported, about: problem ? "problem" : picked(form, "place-about"), text: document.getElementById(field).value.trim(),
    minutes_ago: when === "out" ? 0 : Number(when), unusable: Boolean(picked(form, "report-unusable")), parts,
  });
  delete tools.local.drafts[field];
  tools.set({reported});
  focus("report-answer");
}

function focus(id) {
  const node = document.getElementById(id);
  if (node) node.focus();
}
