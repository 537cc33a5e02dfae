// What a screen reader says by itself: each thing once, when it comes, in a place that is there before the words are (`#announce`, polite).
// What must be acknowledged speaks for itself where it stands (`notice`, an alert); what changes in one place on a page is a status there.
import {straight} from "./dom.js";
import {isolated, percent, say, word} from "./texts.js";
import {measured} from "./screens/rows.js";

const STALE_MS = 10000;

// One [name, mark, words] for each thing: spoken when its mark is new. Marks hold no texts: another language is no news.
function things(view) {
  const thing = (name, text) => (say(text) ? [[name, JSON.stringify(text), say(text)]] : []);
  return [
    ...view.banners.flatMap((entry) => thing(`banner-${entry.id}`, entry.body)),
    ["link", view.link.state === "lost" ? "lost" : "there", view.link.state === "lost" ? "" : word("link.back")],
    ...view.notices.filter((entry) => !mustBeRead(entry)).map((entry) => [entry.id, entry.id, `${word("notice.reminder")}: ${isolated(say(entry.body))}`]),
    ...view.programs.flatMap((entry) => thing(entry.id, entry.body)),
    ...chat(view.chat),
    ...["problem", "trouble", "verdict", "person"].flatMap((name) => thing(name, view[name] && view[name].body ? view[name].body : view[name])),
    ...(view.rows || []).flatMap(checked),
    ...[...(view.rows || []), ...(view.tries || [])].flatMap((row) => thing(`where-${row.id}`, row.where)),
    ...(view.upload ? [upload(view.upload)] : []),
  ];
}

function chat({lines, unread}) {
  const line = unread ? [...lines].reverse().find((one) => !one.mine) : null;
  return line ? [["chat", line.id, `${word("news.from", {name: line.sender || word("chat.proctor")})}: ${isolated(line.body)}`]] : [];
}

// A row that is measured once more: its result, when it is there. Where all are measured, the heading says how it went.
function checked(row) {
  if (row.value === undefined || row.group === "now") return [];
  const verdict = row.verdict === "fail" && !row.blocks ? "verdict.fail.soft" : `verdict.${row.verdict}`;
  return [[`check-${row.id}`, row.verdict, `${say(row.title)}: ${word(verdict)}. ${isolated(measured(row))}`]];
}

// Each quarter of the way, and each turn of it.
function upload({state, share, time}) {
  const words = {receipt: () => word("over.upload.receipt"), asking: () => word("over.upload.asking"), waiting: () => word("over.upload.waiting")};
  const quarter = Math.floor(share * 4) / 4;
  const going = () => `${word("over.upload.title")}: ${percent(quarter)}. ${say(time)}`;
  return ["upload", state === "sending" ? quarter : state, (words[state] || going)()];
}

// Some things are news only after something else: a line that was gone, a check that was measured again, an upload that was under way.
const AFTER = {link: (was) => was === "lost", check: (was) => was === "measuring", upload: (was) => was !== undefined};

let known = new Map();
let shown = new Set(); // notices
let title = "";
let spokenAt = 0;

// `heard`: the heading has the focus now and is read without us. `speak(words, urgent)`: the window says them too, where the engine does not.
export function announce(view, heard, speak) {
  const now = things(view);
  const isNew = ([name, mark]) => known.get(name) !== mark && (AFTER[name.replace(/-.*/, "")] || (() => true))(known.get(name));
  const fresh = now.filter(([, , words]) => words).filter(isNew).map(([, , words]) => straight(words));
  const heading = `${view.screen} ${view.language} ${JSON.stringify(view.title)}`;
  if (!heard && heading !== title) fresh.unshift(straight(say(view.title)));
  known = new Map(now.map(([name, mark]) => [name, mark]));
  title = heading;
  write(fresh, heard);
  if (fresh.length) speak(fresh.join(" "), false);
  for (const entry of view.notices.filter(mustBeRead)) if (!shown.has(entry.id)) speak(straight(`${word(`notice.${entry.level}`)}. ${isolated(say(entry.body))} ${word("notice.ack")}`), true);
  shown = new Set(view.notices.map((entry) => entry.id));
}

function mustBeRead(entry) {
  return entry.level !== "reminder";
}

// On a new screen, and after a while, old words are gone from the end of the page, where somebody would read them as true.
function write(sentences, turned) {
  const place = document.getElementById("announce");
  if (!sentences.length && !turned && performance.now() - spokenAt < STALE_MS) return;
  if (sentences.length) spokenAt = performance.now();
  place.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("p"), {textContent: sentence, dir: "auto"})));
}
