// States and outcomes as words, with their meaning (fine, look, stop, lost). Shared by the views. Pure.

export const STATE_WORD = {
  joined: "Checking in", waiting: "Waits for admission", admitted: "Admitted", running: "In the exam",
  paused: "Paused", submitting: "Handing in", ended: "Ended", refused: "Not admitted",
};
export const STATE_MEANING = { waiting: "look", admitted: "fine", running: "fine", paused: "look" };

export const stateWord = (session) => STATE_WORD[session.state] ?? session.state;

export const STATUS_WORD = {
  sending: "Sending", sent: "Sent", held: "Waits for the candidate's line", delivered: "Delivered",
  acknowledged: "Acknowledged", done: "Done", refused: "Not accepted", expired: "Not delivered in 30 s: please send again",
};
const CODE_WORD = {
  no_link: "no connection", expired: "it came too late", replayed: "it came twice", bad_signature: "the signature did not hold",
  not_in_roster: "you are not in the candidate's roster", not_allowed: "your role does not allow it", override_needed: "a reason for ending early is needed",
};

export function statusWord(command) {
  const word = STATUS_WORD[command.status] ?? command.status;
  return command.status === "refused" && command.statusCode ? `${word}: ${CODE_WORD[command.statusCode] ?? command.statusCode}` : word;
}

export const STATUS_MEANING = { delivered: "fine", acknowledged: "fine", done: "fine", refused: "stop", expired: "stop", held: "lost" };

export const LEVEL_WORD = { reminder: "Reminder", warning: "Warning", final: "Final warning" };
export const STEP_WORD = { id_card: "identity picture", room: "room" };
export const KIND_WORD = {
  chat: "Message", admit: "Admission", refuse: "Refusal", ask_again: "Asked again", intervention: "Intervention",
  pause: "Pause", resume: "Resume", end: "End of session",
};
