// Plays opened records of several tracks together, on canvases and aloud: a clock, and per track the picture of a moment.
// Goes on over another size, another device and holes. Used by views/evidence.js.

import { AudioTrack, LEAD_S } from "./audio.js";
import { startsHere } from "./stored.js";
import { VideoTrack, paint } from "./video.js";

const TICK_MS = 30;
const AHEAD_US = LEAD_S * 1e6; // sound is played that much after it was given
const HELD_US = 5e6; // a still picture is recorded again after this long,
const SILENT_US = 12e6; // and where nothing came for this long, nothing was recorded

/** One track of pictures on one canvas. */
export class Reel {
  #video = null;
  #next = 0;

  constructor(frames, canvas) {
    this.frames = frames;
    this.canvas = canvas;
  }

  /** Shows the picture of that moment; whether there is one. */
  show(atUs) {
    const at = this.#last(atUs);
    if (at < 0 || this.#isGap(at, atUs)) return false;
    if (at + 1 !== this.#next) this.#feed(at);
    return true;
  }

  close() {
    this.#video?.close();
    this.#video = null;
    this.#next = 0;
  }

  /** The newest frame taken until then; -1 where there is none, or none that can be decoded. */
  #last(atUs) {
    let found = -1;
    for (let at = 0; at < this.frames.length && this.frames[at].header.mediaTimeUs <= atUs; at += 1) found = at;
    return found < this.frames.findIndex(startsHere) ? -1 : found;
  }

  #isGap(at, atUs) {
    const taken = this.frames[at].header.mediaTimeUs;
    const next = this.frames[at + 1]?.header.mediaTimeUs ?? (atUs > taken + SILENT_US ? Infinity : taken);
    return atUs > taken + HELD_US && next - taken > SILENT_US;
  }

  /** Decodes up to frame `at`: onwards, or from the key frame before it. */
  #feed(at) {
    let start = at;
    while (start > 0 && !startsHere(this.frames[start])) start -= 1;
    if (!this.#video || at < this.#next || start > this.#next) {
      this.close();
      this.#video = new VideoTrack((frame) => this.#draw(frame));
      this.#next = start;
    }
    for (; this.#next <= at; this.#next += 1) this.#video.take(this.frames[this.#next].header, this.frames[this.#next].media);
  }

  #draw(frame) {
    paint(this.canvas, frame);
    this.canvas.dataset.atUs = String(frame.timestamp);
  }
}

export class Player {
  #audio = null;
  #heard = 0; // sound packets given so far
  #timer = 0;
  #began = 0;
  #startUs;

  /** `reels`: [Reel]; `sound`: frames; plays from `fromUs` to `toUs`; `shown(reel, isThere)` and `moved()` tell of it. */
  constructor(reels, sound, fromUs, toUs, { shown, moved }) {
    Object.assign(this, { reels, sound, fromUs, toUs, shown, moved, atUs: fromUs, silent: false });
    this.#startUs = fromUs;
  }

  get playing() {
    return this.#timer !== 0;
  }

  get ended() {
    return this.atUs >= this.toUs;
  }

  get toneHz() {
    return this.#audio?.toneHz ?? 0;
  }

  get levelDbfs() {
    return this.#audio?.levelDbfs ?? -90;
  }

  play() {
    if (this.playing) return;
    if (this.ended) this.seek(this.fromUs);
    this.#startUs = this.atUs;
    this.#began = performance.now();
    this.#listen();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#audio?.close();
    this.#audio = null;
    this.moved();
  }

  /** Shows another moment; goes on playing from there where it played. */
  seek(us) {
    this.atUs = Math.min(Math.max(us, this.fromUs), this.toUs);
    this.#startUs = this.atUs;
    this.#began = performance.now();
    if (this.playing) this.#listen();
    this.#show();
  }

  hush(silent) {
    this.silent = silent;
    this.#audio?.listen(!silent);
  }

  close() {
    this.pause();
    for (const reel of this.reels) reel.close();
  }

  #listen() {
    this.#audio?.close();
    this.#audio = new AudioTrack();
    if (!this.silent) this.#audio.listen(true);
    this.#heard = this.sound.findIndex(({ header }) => header.mediaTimeUs >= this.atUs);
    if (this.#heard < 0) this.#heard = this.sound.length;
  }

  #tick() {
    this.atUs = Math.min(this.#startUs + (performance.now() - this.#began) * 1000, this.toUs);
    for (; this.#heard < this.sound.length && this.sound[this.#heard].header.mediaTimeUs <= this.atUs + AHEAD_US; this.#heard += 1) {
      this.#audio.take(this.sound[this.#heard].header, this.sound[this.#heard].media);
    }
    this.#show();
    if (this.ended) this.pause();
  }

  #show() {
    for (const reel of this.reels) this.shown(reel, reel.show(this.atUs));
    this.moved();
  }
}
