// States and outcomes as words, with their meaning (fine, look, stop, lost). Shared by the views. Pure.

import { clock } from "../base/time.js";

export const STATE_WORD = {
  joined: "Checking in", waiting: "Waits for admission", admitted: "Admitted", running: "In the exam",
  paused: "Paused", ended: "Ended", refused: "Not admitted",
};
export const STATE_MEANING = { waiting: "look", admitted: "fine", running: "fine", paused: "look" };

const REASON_WORD = {
  finished: "handed in", ended_by_proctor: "ended by a proctor", admission_refused: "admission was refused",
  left_by_candidate: "the candidate left", time_over: "the time was over", window_closed: "the window was closed",
  consent_refused: "the rules were not accepted",
};

const PAUSE_WORD = { break: "On a break", after_exam: "After the exam: last steps" };
const OWN_PAUSES = new Set(Object.keys(PAUSE_WORD)); // the candidate goes on from these, nobody resumes them

/** Somebody who was not admitted is told apart from somebody who sat the exam. */
export const stateWord = (session) =>
  session.state === "ended" && session.stateReason === "admission_refused"
    ? STATE_WORD.refused
    : (session.state === "paused" && PAUSE_WORD[session.stateReason]) || (STATE_WORD[session.state] ?? session.state);
/** Only what a person paused can be resumed. */
export const canResume = (session) => session.state === "paused" && !OWN_PAUSES.has(session.stateReason);
export const reasonWord = (session) => REASON_WORD[session.stateReason] ?? session.stateReason.replaceAll("_", " ");

const PROFILE_WORD = { full: "fine pictures", standard: "standard pictures", low: "smaller pictures, fewer of them", store: "few small pictures, stored on the candidate's computer, sent later" };

export const STORED = "Stored on the candidate's computer, sent later";

/** The profile of now, as the newest log entry on it says; "" where there is none. */
const profileName = (entry) => /^(?:from \w+ to )?(\w+):/.exec(entry?.detail ?? "")?.[1] ?? "";
/** Nothing of screen, camera and sound is sent for now. */
export const isStored = (session) => !session.over && profileName(session.ledger.profile) === "store";

/** "smaller pictures, fewer of them since 14:05 (the oldest record that waits is 18 s old)" from a log entry. */
export function profileWords(entry) {
  const [, name, why] = /^(?:from \w+ to )?(\w+): (.*)$/s.exec(entry.detail) ?? ["", entry.detail, ""];
  const word = PROFILE_WORD[name] ?? name;
  return entry.detail.startsWith("from ") ? `${word} since ${clock(entry.at_ms)} (${why})` : word;
}

export const STATUS_WORD = {
  sending: "Sending", sent: "Sent", held: "Waits for the candidate's line", delivered: "Delivered",
  read: "Read", acknowledged: "Acknowledged", done: "Done", refused: "Not accepted", expired: "Not delivered in 30 s: please send again",
};
const CODE_WORD = {
  no_link: "no connection", expired: "it came too late", replayed: "it came twice", bad_signature: "the signature did not hold",
  not_in_roster: "you are not in the candidate's roster", not_allowed: "your role does not allow it",
  not_now: "it does not fit the moment", reason_missing: "a reason is needed", not_enough_warnings: "too few warnings were delivered", counter_repeated: "it was sent before",
  not_on_duty: "you are not on duty", role_may_not: "your role does not allow it", command_expired: "this computer's clock is late, or the line was slow",
  command_too_long: "this computer's clock is ahead", session_ended: "the session has ended", server_storage: "the server could not store it",
};

export function statusWord(command) {
  const word = STATUS_WORD[command.status] ?? command.status;
  return command.status === "refused" && command.statusCode ? `${word}: ${CODE_WORD[command.statusCode] ?? command.statusCode}` : word;
}

export const STATUS_MEANING = { delivered: "fine", read: "fine", acknowledged: "fine", done: "fine", refused: "stop", expired: "stop", held: "lost" };

export const LEVEL_WORD = { reminder: "Reminder", warning: "Warning", final: "Final warning" };
export const STEP_WORD = { id_card: "identity picture", room: "room" };
export const KIND_WORD = {
  chat: "Message", admit: "Admission", refuse: "Refusal", ask_again: "Asked again", intervention: "Intervention",
  pause: "Pause", resume: "Resume", end: "End of session", flag_decision: "Decision on a flag", raise_flag: "Flag of your own",
};

/** "Dismissed by you: Looked at; nothing to note." and, until the candidate's program recorded it, where it is. */
export function decisionWords(command, by) {
  const recorded = STATUS_MEANING[command.status] === "fine";
  const said = `${command.level === "dismissed" ? "Dismissed" : "Confirmed"} by ${by}${command.text ? `: ${command.text}` : "."}`;
  return recorded ? said : `${said} (${statusWord(command).toLowerCase()})`;
}
