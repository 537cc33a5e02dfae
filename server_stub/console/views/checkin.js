// The check-in tab: identity picture, room, checks; approve and admit, ask again with a reason, refuse. Called by app.js.

import { CHECKS } from "../catalogue.js";
import { el, keyed, mark, set, show } from "../base/dom.js";
import { clock } from "../base/time.js";
import { statusWord } from "./words.js";

const $ = (id) => document.getElementById(id);
const STEPS = ["id_card", "room"];
const READY = {
  id_card: ["The picture is not sharp. Please hold the document still.", "Light reflects on the document. Please tilt it a little.", "Part of the document is outside the picture.", "Please show the side with your photograph."],
  room: ["Please show your desk and what lies on it.", "The pictures are too dark. Please switch on a light.", "Please turn more slowly, so that the pictures are sharp."],
  refuse: ["The person does not match the identity document.", "The room cannot be used for this exam."],
};
const OUTCOME = { pass: ["fine", "Good"], warn: ["look", "Look"], fail: ["stop", "Not met"], person: ["look", "You decide"], unmeasured: ["", "Not measured"] };

const ROOM = {
  timed: "no turning of the camera was seen: pictures by time",
  desk_only: "desk, left and right by hand: the camera cannot be turned",
};

/** How the room was shown, as the candidate's program recorded it. */
function roomWords(entry) {
  if (entry?.event === "room_declined") return "The candidate does not want to show the room and asks you to decide.";
  return entry?.event === "room_scan" ? ROOM[entry.detail] ?? entry.detail : "";
}

export class CheckIn {
  /** `act`: {admit(), askAgain(step, reason), refuse(reason)}; `ask(options)` opens the reason dialog. */
  constructor(act, ask) {
    $("admit-button").addEventListener("click", () => act.admit());
    for (const step of STEPS) {
      $(`ask-${step.replace("_", "-")}-button`).addEventListener("click", () => ask({
        title: step === "id_card" ? "Ask for the identity picture again" : "Ask for the room again",
        note: "Only this step is done again. The candidate keeps everything else.", ready: READY[step], ok: "Ask again",
        done: (reason) => act.askAgain(step, reason),
      }));
    }
    $("refuse-button").addEventListener("click", () => ask({
      title: "Refuse admission", note: "The candidate reads your reason and what the institution offers instead. The exam is not opened.",
      ready: READY.refuse, ok: "Refuse admission", stop: true, done: (reason) => act.refuse(reason),
    }));
    $("picture-close").addEventListener("click", () => $("picture-dialog").close());
  }

  update(app) {
    const session = app.store.open;
    if (!session) return;
    for (const step of STEPS) this.#step(session, step);
    this.#paper(session);
    this.#checks(session.ledger.checks);
    this.#admission(session, app.store);
  }

  #step(session, step) {
    const { attempt, pictures } = session.ledger.latest(step);
    const how = step === "room" ? roomWords(session.ledger.room) : "";
    set($(`attempt-${step}`), [pictures.length ? `attempt ${attempt}, ${clock(pictures[0].atMs)}` : "", how].filter(Boolean).join(" · "));
    keyed($(`pictures-${step}`), pictures, (picture) => picture.url, (picture) => this.#picture(picture, step));
    const asked = session.ledger.askedAgain(step);
    set($(`asked-${step}`), asked ? `Asked again: “${asked.text}” (${statusWord(asked).toLowerCase()})` : "");
    show($(`asked-${step}`), Boolean(asked));
    $(`ask-${step.replace("_", "-")}-button`).disabled = !session.open || Boolean(session.refusal) || session.state !== "waiting";
  }

  /** Taken by the candidate after the exam, one picture a sheet. */
  #paper(session) {
    const sheets = session.ledger.sheets();
    const { paper } = session.ledger;
    show($("paper"), sheets.length > 0 || Boolean(paper) || (session.state === "paused" && session.stateReason === "after_exam"));
    set($("sheets-paper"), paper ? paper.detail : sheets.length ? `${sheets.length} so far` : "none so far");
    keyed($("pictures-paper"), sheets, (sheet) => sheet.url, (sheet) => this.#picture(sheet, "paper", `Sheet ${sheet.sheet}, ${clock(sheet.atMs)}`));
  }

  #picture(picture, step, name = step === "id_card" ? "Identity document" : `Room, picture ${picture.index + 1} of ${picture.total}`) {
    return el("button", { class: "picture", aria_label: `${name}, enlarge`, onclick: () => this.#enlarge(picture, name) }, el("img", { src: picture.url, alt: name }));
  }

  #enlarge(picture, name) {
    $("picture-large").src = picture.url;
    mark($("picture-large"), "alt", name);
    $("picture-dialog").showModal();
  }

  #checks(entry) {
    const rows = entry?.rows ?? [];
    const odd = rows.filter((row) => row.outcome !== "pass").length;
    set($("checks-summary"), rows.length ? `Checks: ${odd ? `${odd} of ${rows.length} to look at` : `all ${rows.length} good`}` : "Checks: none reported yet");
    keyed($("checks-rows"), rows, (row) => row.code, () => el("tr", {}, el("td"), el("td", { class: "number" }), el("td", {}, el("span"), el("p", { class: "quiet" }))), (node, row) => {
      const [meaning, word] = OUTCOME[row.outcome] ?? ["", row.outcome];
      set(node.children[0], CHECKS[row.code]?.title ?? row.code);
      set(node.children[1], row.value === null ? "" : `${row.value} ${row.unit}`);
      set(node.children[2].firstChild, word);
      node.children[2].firstChild.className = `word ${meaning}`;
      set(node.children[2].lastChild, row.remedy);
    });
  }

  #admission(session, store) {
    const { policy } = store.package.value;
    const waiting = session.state === "waiting" && !session.over && session.open && !session.refusal && !session.ledger.given("refuse");
    const asked = STEPS.some((step) => session.ledger.askedAgain(step));
    const sealed = Boolean(store.entry?.sealed_exam);
    $("admit-button").disabled = !waiting || asked || !sealed;
    $("refuse-button").disabled = !session.open || Boolean(session.refusal) || session.over || Boolean(session.ledger.given("refuse")) || !["joined", "waiting"].includes(session.state);
    const lacking = STEPS.filter((step) => policy[step === "id_card" ? "id_card" : "room_scan"] && !session.ledger.latest(step).pictures.length);
    let words = "";
    if (session.over || session.state === "running" || session.state === "paused" || session.state === "admitted") words = "Admission is decided.";
    else if (!sealed) words = "The roster gives you no exam address, so another proctor has to admit.";
    else if (!waiting) words = "The candidate is still checking in.";
    else if (asked) words = "Waits for the candidate to do the step again.";
    else if (lacking.length) words = "Some pictures are not here yet.";
    if (session.ledger.given("refuse")) words = "Admission was refused.";
    set($("admit-note"), words);
    show($("admit-note"), Boolean(words));
  }
}
