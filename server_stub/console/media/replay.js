// The last minutes of every small layer, kept as encoded frames in memory, so that a flag's seconds can be played in place.
// Bounded by bytes per track; the oldest go first, a whole group from key frame to key frame.

import { KEY_FRAME, Track } from "../crypto/records.js";
import { VideoTrack, paint } from "./video.js";

const MAX_BYTES = 3 << 20;
const LEAD_US = 2e6;
const LONGEST_US = 20e6;

export class Replay {
  #kept = new Map(); // "<session>:<track>" -> {frames: [{header, media}], bytes}

  keep(session, header, media) {
    if (header.track !== Track.SCREEN_SMALL && header.track !== Track.WEBCAM_SMALL) return;
    const name = `${session.id}:${header.track}`;
    const kept = this.#kept.get(name) ?? { frames: [], bytes: 0 };
    this.#kept.set(name, kept);
    kept.frames.push({ header, media });
    kept.bytes += media.data.length;
    while (kept.bytes > MAX_BYTES) this.#dropGroup(kept);
  }

  has(sessionId, fromUs, toUs) {
    return [Track.WEBCAM_SMALL, Track.SCREEN_SMALL].some((track) => this.#cut(sessionId, track, fromUs, toUs).length > 1);
  }

  play(sessionId, fromUs, toUs, webcam, screen) {
    this.#run(this.#cut(sessionId, Track.WEBCAM_SMALL, fromUs, toUs), webcam, fromUs - LEAD_US);
    this.#run(this.#cut(sessionId, Track.SCREEN_SMALL, fromUs, toUs), screen, fromUs - LEAD_US);
  }

  #dropGroup(kept) {
    do kept.bytes -= kept.frames.shift().media.data.length;
    while (kept.frames.length && !(kept.frames[0].header.flags & KEY_FRAME));
  }

  /** Frames from the key frame before the flag to its end. */
  #cut(sessionId, track, fromUs, toUs) {
    const frames = this.#kept.get(`${sessionId}:${track}`)?.frames ?? [];
    const end = Math.min(Math.max(toUs, fromUs) + LEAD_US, fromUs + LONGEST_US);
    let start = -1;
    frames.forEach(({ header }, at) => {
      if (header.flags & KEY_FRAME && (header.mediaTimeUs <= fromUs - LEAD_US || start < 0)) start = at;
    });
    if (start < 0 || frames[start].header.mediaTimeUs > end) return [];
    return frames.slice(start).filter(({ header }) => header.mediaTimeUs <= end);
  }

  /** Frames before `startUs` only bring the decoder there; from then on at the pace they were taken. */
  #run(frames, canvas, startUs) {
    const video = new VideoTrack((frame) => paint(canvas, frame));
    const began = performance.now();
    const step = (at) => {
      if (at >= frames.length || !canvas.isConnected) {
        setTimeout(() => video.close(), 500);
        return;
      }
      video.take(frames[at].header, frames[at].media);
      const next = frames[at + 1] ? (frames[at + 1].header.mediaTimeUs - startUs) / 1000 : 0;
      setTimeout(() => step(at + 1), Math.max(0, began + next - performance.now()));
    };
    step(0);
  }
}
