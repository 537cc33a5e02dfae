// How much a session needs a person now, and in which order tiles and queue stand. Pure; the same words everywhere.

import { WEIGHT, FLAGS } from "./catalogue.js";

const waitsForMe = (session) => session.state === "waiting" && !session.over;

/** Waiting for admission with nothing asked of the candidate at the moment. */
export const toAdmit = (session) =>
  waitsForMe(session) && !session.refusal && !session.ledger.given("refuse") && !session.ledger.askedAgain("id_card") && !session.ledger.askedAgain("room");

export const scoredFlags = (session) => session.ledger.openFlags().filter((flag) => WEIGHT[flag.severity] > 0);

export const asksForHelp = (session) => session.ledger.openFlags().some((flag) => flag.code === "HELP_REQUEST");

export function need(session, nowMs) {
  if (session.over) return -1;
  let score = 0;
  if (session.refusal || session.broken.size) score += 6;
  if (toAdmit(session)) score += 4;
  if (asksForHelp(session)) score += 4;
  if (session.ledger.unreadChats) score += 3;
  score += scoredFlags(session).reduce((sum, flag) => sum + 2 * WEIGHT[flag.severity], 0);
  if (session.linkLost) score += 0.5;
  return score + Math.min(0.45, (nowMs - session.lookedAtMs) / 3.6e6);
}

export const needsLook = (session, nowMs) => need(session, nowMs) >= 0.5 && !session.over;

export function byNeed(sessions, nowMs) {
  const scored = sessions.map((session) => ({ session, score: Math.round(need(session, nowMs) * 10) }));
  scored.sort((one, other) => other.score - one.score || one.session.id.localeCompare(other.session.id));
  return scored.map(({ session }) => session);
}

export const flagTitle = (flag) => FLAGS[flag.code]?.title ?? flag.code;

/** "no face for 18 s, light was low (3 times)" as one sentence with its reason. */
export function flagSentence(flag) {
  const reason = flag.reason || flagTitle(flag);
  return flag.count > 1 ? `${reason} (${flag.count} times)` : reason;
}
