// The sound of the candidate who is open: Opus in, a level and, on the proctor's click, sound out. Called by media/board.js.

import { dominantHz } from "./spectrum.js";

const WINDOW = 8192;
const LEAD_S = 0.3; // sound comes three packets at a time, a tenth of a second early or late
export const SILENCE_DBFS = -90;

export class AudioTrack {
  #decoder = null;
  #last = -1;
  #window = new Float32Array(WINDOW);
  #rate = 48000;
  #context = null;
  #playAt = 0;

  constructor() {
    this.levelDbfs = SILENCE_DBFS;
    this.heardAtMs = 0;
    this.packets = 0;
    this.lost = 0;
    this.mediaTimeUs = 0;
  }

  get listening() {
    return this.#context !== null;
  }

  /** The strongest frequency of the last 170 ms, 0 in silence. */
  get toneHz() {
    return this.levelDbfs > -60 ? dominantHz(this.#window, this.#rate) : 0;
  }

  take(header, media) {
    if (header.sequence <= this.#last) return;
    if (this.#last >= 0 && header.sequence > this.#last + 1) this.lost += header.sequence - this.#last - 1;
    this.#last = header.sequence;
    if (this.#decoder?.state !== "configured") this.#configure(media);
    this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: header.mediaTimeUs, data: media.data }));
  }

  /** Call from a click: browsers start sound only then. */
  listen(on) {
    if (on && !this.#context) {
      this.#context = new AudioContext();
      this.#playAt = 0;
    } else if (!on && this.#context) {
      this.#context.close();
      this.#context = null;
    }
  }

  close() {
    this.listen(false);
    if (this.#decoder?.state !== "closed") this.#decoder?.close();
    this.#decoder = null;
  }

  #configure(media) {
    this.#rate = media.height * 100;
    this.#decoder = new AudioDecoder({ output: (data) => this.#heard(data), error: () => {} });
    this.#decoder.configure({ codec: "opus", sampleRate: this.#rate, numberOfChannels: media.width });
  }

  #heard(data) {
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
    this.mediaTimeUs = data.timestamp;
    this.#rate = data.sampleRate;
    data.close();
    this.packets += 1;
    this.heardAtMs = Date.now();
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    this.levelDbfs = power > 0 ? Math.max(SILENCE_DBFS, 10 * Math.log10(power)) : SILENCE_DBFS;
    this.#window.copyWithin(0, samples.length);
    this.#window.set(samples.subarray(-WINDOW), Math.max(0, WINDOW - samples.length));
    if (this.#context) this.#play(samples);
  }

  #play(samples) {
    const buffer = this.#context.createBuffer(1, samples.length, this.#rate);
    buffer.copyToChannel(samples, 0);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    const now = this.#context.currentTime;
    if (this.#playAt < now || this.#playAt > now + 1) this.#playAt = now + LEAD_S;
    source.start(this.#playAt);
    this.#playAt += buffer.duration;
  }
}
