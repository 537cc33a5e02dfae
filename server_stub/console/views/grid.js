// The tiles: everybody's face and screen in the small layer, sorted by need. Tiles keep their place while a hand or the
// keyboard moves over them. Called by app.js.

import { el, keyed, mark, set, show } from "../base/dom.js";
import { duration, roughly } from "../base/time.js";
import { Track } from "../crypto/records.js";
import { byNeed, flagTitle, needsLook, scoredFlags, toAdmit } from "../need.js";
import { STATE_MEANING, STORED, isStored, stateWord } from "./words.js";

const $ = (id) => document.getElementById(id);
const WORDS_SHOWN = 3;
const LATE_MS = 20000; // a picture that is drawn now and older than this
const STEADY_MS = 3000; // tiles stay where they are for so long after a hand or the keyboard was on them

export class Grid {
  #order = [];
  #held = new Set();
  #touchedAtMs = 0;

  constructor(board, open) {
    this.board = board;
    this.open = open;
    for (const touch of ["pointermove", "pointerdown", "keydown", "focusin"]) {
      $("grid").addEventListener(touch, () => {
        this.#touchedAtMs = Date.now();
      });
    }
  }

  update(app) {
    const now = Date.now();
    const sessions = [...app.store.sessions.values()];
    const busy = now - this.#touchedAtMs < STEADY_MS;
    if (!busy || sessions.length !== this.#order.length) this.#sort(sessions, now);
    show($("grid-empty"), !sessions.length);
    this.#section("need", app, now, (one) => !one.over && this.#held.has(one.id));
    this.#section("calm", app, now, (one) => !one.over && !this.#held.has(one.id));
    this.#section("over", app, now, (one) => one.over);
  }

  #sort(sessions, now) {
    this.#order = byNeed(sessions, now);
    this.#held = new Set(sessions.filter((one) => needsLook(one, now)).map((one) => one.id));
  }

  #section(name, app, now, belongs) {
    const chosen = this.#order.filter(belongs);
    show($(`grid-${name}`), chosen.length > 0);
    const parent = $(`grid-${name}`).querySelector(".tiles");
    keyed(parent, chosen, (one) => one.id, (one) => this.#tile(one), (node, one) => this.#draw(node, one, app, now));
  }

  #tile(session) {
    if (session.tileNode) return session.tileNode;
    const face = el("canvas", { width: "240", height: "180", data_track: String(Track.WEBCAM_SMALL), role: "img", aria_label: "Webcam, small" });
    const screen = el("canvas", { width: "480", height: "270", data_track: String(Track.SCREEN_SMALL), role: "img", aria_label: "Screen, small" });
    const name = el("span", { class: "tile-name", dir: "auto" });
    const open = el("button", { class: "tile-open", onclick: () => this.open(session) }, name, el("span", { class: "tile-time number" }), el("span", { class: "tile-seen" }));
    const pictures = el("div", { class: "tile-pictures" }, face, screen, el("div", { class: "tile-cover" }));
    session.tileNode = el("article", { class: "tile", data_session: session.id }, pictures, open, el("div", { class: "tile-words" }));
    this.board.show(session, Track.WEBCAM_SMALL, face);
    this.board.show(session, Track.SCREEN_SMALL, screen);
    return session.tileNode;
  }

  #draw(node, session, app, now) {
    mark(node, "data-state", session.state);
    mark(node, "data-trust", session.refusal ? "refused" : session.open ? "verified" : "waiting");
    mark(node, "data-link", session.linkLost ? "down" : "up");
    mark(node, "data-need", this.#held.has(session.id));
    mark(node, "data-open", app.store.openId === session.id);
    set(node.querySelector(".tile-name"), session.info.candidate_name);
    set(node.querySelector(".tile-time"), duration(now - session.stateSinceMs));
    set(node.querySelector(".tile-seen"), seenWords(session, app.store.openId === session.id, now));
    this.#cover(node.querySelector(".tile-cover"), session, now);
    keyed(node.querySelector(".tile-words"), [...tileWords(session), ...this.#lateWords(session, now)], (word) => word.text, (word) => el("span", { class: `word ${word.meaning}` }, word.text));
  }

  /** After a time in which they were stored, pictures are sent from the oldest on. */
  #lateWords(session, now) {
    const { drawnAtMs, mediaTimeUs } = this.board.drawn(session.id, Track.WEBCAM_SMALL);
    if (!drawnAtMs || now - drawnAtMs > STEADY_MS) return [];
    const age = now - session.wallMs(mediaTimeUs);
    return age > LATE_MS ? [{ meaning: "", text: `Pictures of ${roughly(age)} ago` }] : [];
  }

  #cover(node, session, now) {
    const drawn = this.board.drawn(session.id, Track.SCREEN_SMALL).drawnAtMs || this.board.drawn(session.id, Track.WEBCAM_SMALL).drawnAtMs;
    const lost = session.linkLost;
    const stored = isStored(session) && session.state !== "joined" && session.state !== "waiting";
    const text = lost ? `Link lost for ${roughly(now - session.info.last_seen_ms)}` : session.refusal ? "Not shown" : stored ? STORED : drawn ? "" : "No picture yet";
    set(node, text);
    node.className = lost ? "tile-cover lost" : stored ? "tile-cover stored" : "tile-cover";
  }
}

function seenWords(session, isOpen, now) {
  const seen = isOpen ? "open now" : session.lookedAtMs ? `looked at ${now - session.lookedAtMs < 2000 ? "just now" : `${roughly(now - session.lookedAtMs)} ago`}` : "not looked at yet";
  return session.state === "running" ? seen[0].toUpperCase() + seen.slice(1) : `${stateWord(session)}, ${seen}`;
}

/** At most three flags as words, then what else is to know. */
function tileWords(session) {
  const words = [];
  if (session.refusal) words.push({ meaning: "stop", text: "Not verified" });
  else if (session.broken.size) words.push({ meaning: "stop", text: "Record replaced" });
  else if (session.faultCount) words.push({ meaning: "look", text: `${session.faultCount} damaged` });
  if (toAdmit(session)) words.push({ meaning: "look", text: "To admit" });
  else if (STATE_MEANING[session.state] === "look" && !session.over) words.push({ meaning: "", text: stateWord(session) });
  if (session.ledger.unreadChats) words.push({ meaning: "look", text: session.ledger.unreadChats === 1 ? "1 message" : `${session.ledger.unreadChats} messages` });
  const flags = scoredFlags(session);
  const titles = [...new Set(flags.map(flagTitle))];
  titles.slice(-WORDS_SHOWN).forEach((text) => words.push({ meaning: "look", text }));
  if (titles.length > WORDS_SHOWN) words.push({ meaning: "", text: `and ${titles.length - WORDS_SHOWN} more` });
  return words;
}
