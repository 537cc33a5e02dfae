// One video track of one session: encoded frames in, VideoFrames out, by WebCodecs. After a hole in the sequence nothing
// is decoded until the next key frame, since decoders do not report a lost delta frame. Called by media/board.js.

import { KEY_FRAME } from "../crypto/records.js";

const SPS = 7;

/** "avc1.PPCCLL" from the sequence parameter set of an Annex B key frame, or null. */
export function codecOf(data) {
  for (let at = 0; at + 6 < data.length; at += 1) {
    if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1 && (data[at + 3] & 0x1f) === SPS) {
      const digits = [...data.subarray(at + 4, at + 7)].map((byte) => byte.toString(16).padStart(2, "0"));
      return `avc1.${digits.join("")}`;
    }
  }
  return null;
}

export class VideoTrack {
  #decoder = null;
  #format = "";
  #last = -1;
  #waitsForKey = true;

  /** `draw(frame)` gets each VideoFrame, its timestamp the media time, and must not keep it. `lost(count)` counts frames. */
  constructor(draw, lost = () => {}) {
    this.draw = draw;
    this.lost = lost;
  }

  get waitsForKey() {
    return this.#waitsForKey;
  }

  take(header, media) {
    if (header.sequence <= this.#last) return;
    const key = (header.flags & KEY_FRAME) !== 0;
    if (header.sequence !== this.#last + 1) this.#waitsForKey = true;
    this.#last = header.sequence;
    if (this.#waitsForKey && !key) {
      this.lost(1);
      return;
    }
    if (key && !this.#configure(media)) return;
    this.#waitsForKey = false;
    const type = key ? "key" : "delta";
    this.#decoder.decode(new EncodedVideoChunk({ type, timestamp: header.mediaTimeUs, data: media.data }));
  }

  close() {
    if (this.#decoder?.state !== "closed") this.#decoder?.close();
    this.#decoder = null;
    this.#format = "";
    this.#waitsForKey = true;
  }

  #configure(media) {
    const codec = codecOf(media.data);
    if (!codec) return false;
    const format = `${codec} ${media.width}x${media.height}`;
    if (this.#decoder?.state !== "configured") this.#decoder = this.#decoderAnew();
    else if (this.#format === format) return true;
    // To a decoder at work this is an order like the others: what it was given before is still shown.
    this.#decoder.configure({ codec, codedWidth: media.width, codedHeight: media.height, optimizeForLatency: true });
    this.#format = format;
    return true;
  }

  #decoderAnew() {
    return new VideoDecoder({ output: (frame) => this.#show(frame), error: () => this.close() });
  }

  #show(frame) {
    try {
      this.draw(frame);
    } finally {
      frame.close();
    }
  }
}

/** Puts a frame on a canvas at the frame's own size; the style sheet scales it. */
export function paint(canvas, frame) {
  if (canvas.width !== frame.displayWidth || canvas.height !== frame.displayHeight) {
    canvas.width = frame.displayWidth;
    canvas.height = frame.displayHeight;
  }
  canvas.getContext("2d").drawImage(frame, 0, 0);
}
