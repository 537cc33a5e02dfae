// What a candidate's opened entries add up to: chat, flags, commands and their results, pictures, checks, consent.
// Pure but for blob addresses of pictures. session.js enters; views read.

import { fromBase64 } from "./base/bytes.js";

const PICTURE_TYPES = new Set(["image/jpeg", "image/png", "image/webp"]);
const RANK = { sending: 0, held: 1, sent: 1, delivered: 2, read: 3, acknowledged: 3, done: 3, refused: 4, expired: 4 };
const SAME_LINE_MS = 5000;

export class Ledger {
  constructor(sessionId) {
    this.sessionId = sessionId;
    this.stateKnown = false;
    this.chat = []; // {id, sender, text, atMs, own}
    this.flags = new Map(); // id -> {id, sequence, code, severity, reason, count, from_us, to_us}
    this.commands = new Map(); // id -> {id, kind, code, level, text, proctor, atMs, status, statusCode}
    this.pictures = { id_card: new Map(), room: new Map(), paper: new Map() }; // attempt -> [{url, index, total, atMs}]
    this.room = null; // newest log entry on how the room was shown: room_scan, room_declined, room_reopened
    this.paper = null; // log entry that no more sheets come
    this.checks = null;
    this.consent = null;
    this.profile = null; // newest log entry on how fine is recorded
    this.log = [];
    this.restore = null;
    this.unreadChats = 0;
  }

  /** Takes one entry; returns what a person should hear of it, {kind, text, atMs}, or null. */
  enter(entry, header) {
    const enter = Object.hasOwn(ENTER, entry.kind) ? ENTER[entry.kind] : null;
    return enter ? (enter(this, entry, header) ?? null) : null;
  }

  /** The last command of a kind for each code, whatever became of it. */
  tried(kind) {
    return new Map([...this.commands.values()].filter((one) => one.kind === kind).map((one) => [one.code, one]));
  }

  /** What a person decided about each flag, by its sequence: the last one that was not refused. */
  decisions() {
    const found = new Map();
    for (const one of this.commands.values()) {
      if (one.kind === "flag_decision" && RANK[one.status] < RANK.refused) found.set(one.code, one);
    }
    return found;
  }

  /** Nobody decided about these yet; what a proctor raised needs no second look. */
  openFlags() {
    const decided = this.decisions();
    return [...this.flags.values()].filter((flag) => flag.code !== "PROCTOR_RAISED" && !decided.has(String(flag.sequence)));
  }

  interventions() {
    return [...this.commands.values()].filter((command) => command.kind === "intervention");
  }

  /** Warnings (level warning or final) that reached the candidate, and how many of them were read. */
  warnings() {
    const given = this.interventions().filter((one) => one.level !== "reminder" && one.status !== "refused");
    const delivered = given.filter((one) => RANK[one.status] >= RANK.delivered);
    return { delivered, read: delivered.filter((one) => RANK[one.status] >= RANK.acknowledged).length };
  }

  /** A command of this console, before anybody answered. */
  sending(command) {
    this.commands.set(command.id, { ...command, ...this.commands.get(command.id), status: "sending" });
    if (command.kind === "chat") this._line({ id: command.id, sender: command.proctor, text: command.text, atMs: command.atMs });
  }

  status(id, status, code = "") {
    const command = this.commands.get(id) ?? { id, kind: "", code: "", level: "", text: "", proctor: "", atMs: 0, status: "sending" };
    this.commands.set(id, command);
    if (RANK[status] === undefined || RANK[status] < RANK[command.status]) return;
    command.status = status;
    command.statusCode = code;
  }

  _line(line) {
    const twin = (one) =>
      one.id === line.id ||
      (one.sender === line.sender && one.text === line.text && Math.abs(one.atMs - line.atMs) < SAME_LINE_MS && line.sender !== "candidate");
    if (this.chat.some(twin)) return false;
    this.chat.push(line);
    this.chat.sort((one, other) => one.atMs - other.atMs);
    return true;
  }

  _chat(entry) {
    const sender = this.commands.has(entry.message_id) ? entry.sender : "candidate"; // who writes as a proctor without a command is the candidate
    const isNew = this._line({ id: entry.message_id, sender, text: entry.text, atMs: entry.at_ms });
    if (!isNew || sender !== "candidate") return null;
    this.unreadChats += 1;
    return { kind: "chat", text: entry.text, atMs: entry.at_ms };
  }

  /** A report of the candidate's stands among their words, with the number they were told. */
  _report(entry) {
    const about = entry.about === "problem" ? "a problem with the program" : `the place: ${entry.about}`;
    const more = [about, entry.unusable && "cannot go on", entry.picture && "with a picture of the screen, in the evidence"].filter(Boolean);
    const text = `Report ${entry.number} (${more.join("; ")})${entry.text ? `: ${entry.text}` : ""}`;
    if (!this._line({ id: `report-${entry.report_id}`, sender: "candidate", text, atMs: entry.at_ms })) return null;
    this.unreadChats += 1;
    return { kind: "chat", text, atMs: entry.at_ms };
  }

  _command(entry) {
    const known = this.commands.get(entry.command_id);
    const { text, code, level, proctor } = entry;
    const command = { id: entry.command_id, kind: entry.command, code, level, proctor, atMs: entry.at_ms, text: text || known?.text || "" };
    const status = known && RANK[known.status] > RANK.sent ? known.status : "sent";
    this.commands.set(command.id, { ...command, status, statusCode: known?.statusCode ?? "" });
    if (command.kind === "chat") this._line({ id: command.id, sender: proctor, text: command.text, atMs: entry.at_ms });
  }

  _result(entry) {
    this.status(entry.command_id, entry.outcome, entry.code);
  }

  _flag(entry, header) {
    const id = `${entry.code}:${entry.from_us}`;
    const before = this.flags.get(id);
    this.flags.set(id, { ...entry, id, sequence: before?.sequence ?? header.sequence });
    return before ? null : { kind: "flag", text: entry.reason, mediaTimeUs: header.mediaTimeUs };
  }

  _picture(entry) {
    const attempts = this.pictures[entry.step];
    if (!attempts || !PICTURE_TYPES.has(entry.media_type)) return;
    const url = URL.createObjectURL(new Blob([fromBase64(entry.data)], { type: entry.media_type }));
    const pictures = attempts.get(entry.attempt) ?? [];
    pictures.push({ url, index: entry.index, total: entry.total, atMs: entry.at_ms });
    pictures.sort((one, other) => one.index - other.index);
    attempts.set(entry.attempt, pictures);
  }

  _checks(entry) {
    this.checks = entry;
  }

  _consent(entry) {
    this.consent = entry;
  }

  _restore(entry) {
    this.restore = entry;
  }

  _log(entry) {
    if (entry.event.startsWith("room_")) this.room = entry;
    if (entry.event === "profile") this.profile = entry;
    if (entry.event === "scratch_paper") this.paper = entry;
    this.log.push(entry);
    if (this.log.length > 200) this.log.shift();
  }

  /** A command of this kind that reached the candidate and was not refused. */
  given(kind) {
    return [...this.commands.values()].find((one) => one.kind === kind && RANK[one.status] >= RANK.delivered && RANK[one.status] < RANK.refused);
  }

  /** The pictures of the latest attempt of a step: {attempt, pictures}. */
  latest(step) {
    const attempt = Math.max(0, ...this.pictures[step].keys());
    return { attempt, pictures: this.pictures[step].get(attempt) ?? [] };
  }

  /** Sheets of scratch paper in their order; each was sent by itself. */
  sheets() {
    return [...this.pictures.paper].sort(([one], [other]) => one - other).flatMap(([sheet, pictures]) => pictures.map((picture) => ({ ...picture, sheet })));
  }

  /** Whether the latest attempt of a step was already asked again. */
  askedAgain(step) {
    const asked = [...this.commands.values()].filter((one) => one.kind === "ask_again" && one.code === step && one.status !== "refused");
    const { pictures } = this.latest(step);
    const last = asked.at(-1);
    return last && (!pictures.length || pictures[0].atMs < last.atMs) ? last : null;
  }
}

const ENTER = {
  chat: (ledger, entry) => ledger._chat(entry),
  command: (ledger, entry) => ledger._command(entry),
  report: (ledger, entry) => ledger._report(entry),
  result: (ledger, entry) => ledger._result(entry),
  flag: (ledger, entry, header) => ledger._flag(entry, header),
  picture: (ledger, entry) => ledger._picture(entry),
  checks: (ledger, entry) => ledger._checks(entry),
  consent: (ledger, entry) => ledger._consent(entry),
  restore: (ledger, entry) => ledger._restore(entry),
  log: (ledger, entry) => ledger._log(entry),
};
