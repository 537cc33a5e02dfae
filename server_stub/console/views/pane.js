// The right column: one candidate's full pictures, sound and facts, and the tabs below. Called by app.js.

import { el, keyed, mark, set, show } from "../base/dom.js";
import { clock, duration, roughly } from "../base/time.js";
import { SCREEN_TRACKS, Track } from "../crypto/records.js";
import { SILENCE_DBFS } from "../media/audio.js";
import { toAdmit } from "../need.js";
import { Displays } from "./displays.js";
import { KIND_WORD, STATE_MEANING, STORED, canResume, isStored, profileWords, reasonWord, stateWord, statusWord } from "./words.js";

const $ = (id) => document.getElementById(id);
const beforeExam = (session) => session.state === "joined" || session.state === "waiting";
export const TABS = ["checkin", "flags", "chat", "interventions"];
const SHOWN_ELSEWHERE = new Set(["chat", "flag_decision"]); // beside the line, beside the flag
const STILL_MS = 3000;
const WARM_MS = 1500; // a level older than this is silence

export class Pane {
  #shown = null;
  #tabs = new Map(); // session id -> tab

  #session = null;

  /** `act`: {changed(), display(number)}. */
  constructor(board, act) {
    this.board = board;
    this.displays = new Displays((number) => {
      this.#clear("screen-canvas");
      this.board.showDisplay(this.#session, number, $("screen-canvas"));
      act.display(number);
      act.changed();
    });
    for (const name of TABS) $(`tab-${name}`).addEventListener("click", () => this.choose(name));
    document.querySelector("[role=tablist]").addEventListener("keydown", (event) => this.#arrows(event));
    $("listen-button").addEventListener("click", () => {
      this.board.audio?.listen(!this.board.audio.listening);
      act.changed();
    });
    $("grow-button").addEventListener("click", () => this.grow());
  }

  get tab() {
    return this.#tabs.get(this.#shown) ?? "flags";
  }

  choose(name) {
    this.#tabs.set(this.#shown, name);
    this.#showTab();
  }

  /** Called when a candidate is opened. */
  enter(session, tab) {
    this.#shown = session.id;
    if (tab || !this.#tabs.has(session.id)) this.#tabs.set(session.id, tab ?? (toAdmit(session) || session.state === "waiting" ? "checkin" : "flags"));
    this.#session = session;
    this.displays.reset();
    this.#clear("screen-canvas");
    this.#clear("webcam-canvas");
    this.board.open(session, $("screen-canvas"), $("webcam-canvas"));
    this.#showTab();
  }

  #clear(id) {
    const canvas = $(id);
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    canvas.dataset.frames = "0";
  }

  grow() {
    const grown = $("console").dataset.focus !== "pane";
    $("console").dataset.focus = grown ? "pane" : "grid";
    mark($("grow-button"), "aria-pressed", String(grown));
    set($("grow-button").lastElementChild, grown ? "Back to the grid" : "Enlarge");
  }

  update(app) {
    const session = app.store.open;
    show($("pane-empty"), !session);
    show($("pane-full"), Boolean(session));
    if (!session) return;
    mark($("pane"), "data-session", session.id);
    mark($("pane"), "data-state", session.state);
    mark($("pane"), "data-trust", session.refusal ? "refused" : session.open ? "verified" : "waiting");
    mark($("pane"), "data-link", session.linkLost ? "down" : "up");
    set($("pane-name"), session.info.candidate_name);
    mark($("pane-name"), "title", session.info.candidate_name);
    set($("pane-state"), session.linkLost ? "Link lost" : stateWord(session));
    $("pane-state").className = `word ${session.linkLost ? "lost" : (STATE_MEANING[session.state] ?? "")}`;
    this.#trust(session);
    this.#facts(session);
    this.displays.update(session);
    this.#captions(session);
    this.#counts(session);
    this.#examActions(session);
    this.sound();
  }

  /** The level meter; called ten times a second. */
  sound() {
    const audio = this.board.audio;
    const heard = audio && Date.now() - audio.heardAtMs < WARM_MS;
    const level = heard ? audio.levelDbfs : SILENCE_DBFS;
    const meter = $("sound-meter");
    meter.firstElementChild.style.width = `${Math.max(0, ((level + 60) / 60) * 100)}%`;
    mark(meter, "data-dbfs", level.toFixed(1));
    mark(meter, "aria-valuenow", String(Math.round(level)));
    set($("sound-value"), heard ? `${Math.round(level)} dBFS` : "no sound");
    const listening = Boolean(audio?.listening);
    mark($("listen-button"), "aria-pressed", String(listening));
    set($("listen-text"), listening ? "Stop listening" : "Listen");
  }

  #showTab() {
    for (const name of TABS) {
      const chosen = name === this.tab;
      mark($(`tab-${name}`), "aria-selected", String(chosen));
      mark($(`tab-${name}`), "tabindex", chosen ? "0" : "-1");
      show($(`panel-${name}`), chosen);
    }
  }

  #arrows(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length];
    this.choose(next);
    $(`tab-${next}`).focus();
  }

  #trust(session) {
    const { faults, faultCount } = session;
    let words = "";
    if (session.refusal) words = `Nothing of this session is shown or believed: ${session.refusal.text}`;
    else if (session.broken.size) words = "A record of this session was replaced or left out on the way. What is shown below may not be complete.";
    else if (faultCount) words = `${faultCount === 1 ? "1 record" : `${faultCount} records`} could not be believed and ${faultCount === 1 ? "is" : "are"} not shown. Last: ${faults.at(-1).text}`;
    set($("pane-trust"), words);
    show($("pane-trust"), Boolean(words));
  }

  #facts(session) {
    const now = Date.now();
    const rows = [[stateWord(session), `for ${duration(now - session.stateSinceMs)}`]];
    const lost = `gone for ${roughly(now - session.info.last_seen_ms)}; the exam goes on, recordings follow`;
    rows.push(["Line", session.over ? "closed" : session.linkLost ? lost : "up"]);
    if (session.over && session.stateReason) rows.push(["Why", reasonWord(session)]);
    if (session.over) rows.push(["Evidence", session.info.complete ? "complete on the server" : session.ended ? "the rest is being sent" : "still to come"]);
    if (session.open) rows.push(["Computer", session.open.value.machine]);
    if (session.ledger.profile) rows.push(["Recording", profileWords(session.ledger.profile)]);
    const gaps = session.gaps.filter((gap) => gap.last >= gap.first);
    if (gaps.length) rows.push(["Gaps", `${gaps.length} declared (${[...new Set(gaps.map((gap) => gap.reason.replaceAll("_", " ")))].join(", ")})`]);
    if (session.notForUs) rows.push(["Before your time", `${session.notForUs} ${session.notForUs === 1 ? "record" : "records"} sealed to others`]);
    if (session.ended) rows.push(["Given back", session.ended.restored ? "the computer is as it was" : "not everything could be restored"]);
    keyed($("pane-facts"), rows.flatMap(([term, value], at) => [{ key: `t${at}`, tag: "dt", text: term }, { key: `d${at}`, tag: "dd", text: value }]),
      (row) => row.key, (row) => el(row.tag), (node, row) => set(node, row.text));
  }

  #captions(session) {
    const caption = (track, still) => {
      if (isStored(session) && !session.linkLost && !beforeExam(session)) return STORED;
      const { drawnAtMs, mediaTimeUs } = this.board.drawn(session.id, track);
      if (!drawnAtMs) return session.linkLost ? "No line" : beforeExam(session) ? "Recording starts with admission" : "Waits for the next picture";
      const age = Date.now() - session.wallMs(mediaTimeUs);
      return age > STILL_MS ? still(roughly(age)) : "Live";
    };
    const screen = SCREEN_TRACKS[this.displays.chosen];
    show(document.querySelector(".media .screen"), !beforeExam(session) || this.board.drawn(session.id, screen).drawnAtMs > 0);
    set($("screen-caption"), caption(screen, (age) => `Unchanged for ${age}`));
    set($("webcam-caption"), caption(Track.WEBCAM, (age) => `Last picture ${age} ago`));
  }

  #counts(session) {
    const count = (name, number) => set($(`tab-${name}`).querySelector("b"), number || "");
    count("flags", session.ledger.openFlags().length);
    count("chat", session.ledger.unreadChats);
    const unread = session.ledger.interventions().filter((one) => one.status === "sent" || one.status === "delivered" || one.status === "held");
    count("interventions", unread.length);
  }

  #examActions(session) {
    show($("evidence-link"), session.info.complete);
    mark($("evidence-link"), "href", session.info.complete ? `/api/sessions/${session.id}/bundle` : null);
    const usable = Boolean(session.open) && !session.refusal && !session.over;
    show($("pause-button"), session.state === "running");
    show($("resume-button"), canResume(session));
    $("pause-button").disabled = !usable;
    $("resume-button").disabled = !usable;
    $("end-button").disabled = !usable;
    const last = [...session.ledger.commands.values()].filter((one) => one.kind && !SHOWN_ELSEWHERE.has(one.kind)).at(-1);
    set($("last-word"), last ? `${KIND_WORD[last.kind] ?? last.kind} ${clock(last.atMs)}: ${statusWord(last).toLowerCase()}` : "");
  }
}
