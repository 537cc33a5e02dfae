// What the server has stored of a session's media: which records arrived, and the ciphertext of some of them, which is
// opened here. Used by views/evidence.js.

import { Problem } from "../base/problem.js";
import { KEY_FRAME, Track } from "../crypto/records.js";

const FRAME_BYTES = 12; // position and length before each record
const ASK_MS = 2000;

async function ask(path) {
  const answer = await fetch(path).catch(() => null);
  if (answer?.ok) return answer;
  throw new Problem("recording_away", answer?.status === 401 ? "You are not signed in any more." : "The server does not give this recording at the moment. Please try again.");
}

/** One track's records, opened: {frames: [{header, media}], unread}. `span`: {track, first, last} or {track, fromUs, toUs}. */
export async function fetchTrack(session, { track, first, last, fromUs, toUs }) {
  const wanted = first === undefined ? `from_us=${Math.max(0, Math.floor(fromUs))}&to_us=${Math.ceil(toUs)}` : `first=${first}&last=${last}`;
  const answer = await ask(`/api/sessions/${session.id}/records?track=${track}&${wanted}`);
  const data = new Uint8Array(await answer.arrayBuffer());
  const found = { frames: [], unread: 0 };
  for (const record of records(data)) {
    try {
      const frame = await session.openStored(record);
      const fits = frame.header.track === track && (first === undefined || (frame.header.sequence >= first && frame.header.sequence <= last));
      if (fits) found.frames.push(frame);
      else found.unread += 1;
    } catch {
      found.unread += 1; // damaged, or sealed to others: said as a number
    }
  }
  found.frames.sort((one, other) => one.header.sequence - other.header.sequence);
  return found;
}

function* records(data) {
  const view = new DataView(data.buffer);
  for (let at = 0; at + FRAME_BYTES <= data.length; ) {
    const end = at + FRAME_BYTES + view.getUint32(at + 8);
    if (end > data.length) return;
    yield data.subarray(at + FRAME_BYTES, end);
    at = end;
  }
}

export const startsHere = ({ header }) => header.track === Track.AUDIO || (header.flags & KEY_FRAME) !== 0;

/** How many records of each track the server has; asked again while somebody waits for more. */
export class Arrivals {
  #known = new Map(); // session id -> {track: next sequence}
  #askedMs = 0;
  #asking = false;

  /** `changed()` when an answer came. */
  constructor(changed) {
    this.changed = changed;
  }

  /** Whether every record of these spans is there; null before the first answer. */
  covers(sessionId, spans) {
    const tracks = this.#known.get(sessionId);
    return tracks ? spans.every(({ track, last }) => (tracks[track] ?? 0) > last) : null;
  }

  any(sessionId, tracks) {
    const known = this.#known.get(sessionId);
    return Boolean(known) && tracks.some((track) => known[track] > 0);
  }

  async look(session) {
    const now = performance.now();
    if (this.#asking || (this.#known.has(session.id) && now - this.#askedMs < ASK_MS)) return;
    this.#asking = true;
    this.#askedMs = now;
    try {
      this.#known.set(session.id, (await (await ask(`/api/sessions/${session.id}/arrived`)).json()).tracks);
    } catch {
      // the line is away: asked again with the next look
    } finally {
      this.#asking = false;
      this.changed();
    }
  }
}
