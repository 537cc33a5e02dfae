// Before the exam's window opens, and after it has closed: the time that is left, both time zones, what to have ready.
import {h} from "../dom.js";
import {icon} from "../icons.js";
import {format, say, word} from "../texts.js";
import {labelled} from "./parts.js";

const MARK = {id_card: "id_card", place: "sun", room: "room", display: "screen", power: "power", line: "link", phone: "phone"};

export function early(view) {
  return [
    h("p", {key: "left", id: "early", class: "countdown number", role: "timer", "aria-label": word("early.left")}, format(view.left)),
    view.window && windowTable(view.window),
    h("section", {key: "ready", class: "box"}, h("h2", {}, word("early.ready.title")),
      h("ul", {class: "facts two"}, view.ready.map((entry) => h("li", {key: entry.id}, icon(MARK[entry.id]), h("span", {}, say(entry.body))))),
      h("p", {key: "length", class: "muted"}, say(view.length))),
    h("p", {key: "practice", class: "with-icon muted"}, icon("help"), h("span", {}, say(view.try_first))),
  ];
}

export function closed(view) {
  return [view.window && windowTable(view.window), say(view.contact) && labelled("contact", "closed.contact", view.contact)];
}

// One column for the candidate's own time zone, one for the institution's where it is another one.
function windowTable(times) {
  const columns = [["here", undefined]];
  if (times.zone && moment(times.opens_ms, times.zone) !== moment(times.opens_ms)) columns.push(["there", times.zone]);
  const row = (name, atMs) => h("tr", {key: name}, h("th", {scope: "row"}, word(`early.${name}`)), columns.map(([key, zone]) => h("td", {key}, moment(atMs, zone))));
  return h("table", {key: "window", class: "window"},
    h("thead", {}, h("tr", {}, h("td", {}), columns.map(([key, zone]) => h("th", {key, scope: "col"}, word(`early.zone.${key}`), " ", h("span", {class: "muted small", dir: "auto"}, zoneName(times.opens_ms, zone)))))),
    h("tbody", {}, row("opens", times.opens_ms), row("closes", times.closes_ms)),
    times.zone && columns.length === 1 && h("tfoot", {key: "same"}, h("tr", {}, h("td", {colspan: "2", class: "small muted"}, word("early.zone.same")))));
}

function moment(atMs, zone) {
  return written(atMs, {dateStyle: "full", timeStyle: "short"}, zone);
}

function zoneName(atMs, zone) {
  const options = zone ? {timeZone: zone} : {};
  try {
    const parts = new Intl.DateTimeFormat(document.documentElement.lang, {...options, timeZoneName: "long"}).formatToParts(new Date(atMs));
    return parts.find((part) => part.type === "timeZoneName").value;
  } catch {
    return zone || "";
  }
}

// A zone that this system does not know is shown in the candidate's own.
function written(atMs, options, zone) {
  const language = document.documentElement.lang;
  try {
    return new Intl.DateTimeFormat(language, {...options, timeZone: zone}).format(new Date(atMs));
  } catch {
    return new Intl.DateTimeFormat(language, options).format(new Date(atMs));
  }
}
