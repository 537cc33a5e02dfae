// window.console_metrics: figures for tests and the benchmark, read-only and not secret.
//   tracks["<session hex>:<track>"] = {frames, last_media_time_us, last_latency_ms, lost}
//   latency_ms = last 2000 samples of capture to canvas; tone_hz, level_dbfs, audio_packets of the open candidate

const SAMPLES = 2000;

export class Metrics {
  #audio = () => null;
  #replay = () => null;

  constructor() {
    this.tracks = {};
    this.latency_ms = [];
  }

  get tone_hz() {
    return this.#audio()?.toneHz ?? 0;
  }

  get level_dbfs() {
    return this.#audio()?.levelDbfs ?? -90;
  }

  /** Of the recording around a flag that is played: {at_us, playing, tone_hz, level_dbfs}, or null. */
  get replay() {
    const player = this.#replay();
    return player && { at_us: player.atUs, playing: player.playing, tone_hz: player.toneHz, level_dbfs: player.levelDbfs };
  }

  get audio_packets() {
    return this.#audio()?.packets ?? 0;
  }

  /** `audio()` gives the open candidate's AudioTrack or null. */
  listenTo(audio) {
    this.#audio = audio;
  }

  /** `player()` gives the Player of a flag or null. */
  lookOn(player) {
    this.#replay = player;
  }

  track(session, track) {
    const name = `${session.id}:${track}`;
    this.tracks[name] ??= { frames: 0, last_media_time_us: 0, last_latency_ms: 0, lost: 0 };
    return this.tracks[name];
  }

  drawn(session, track, mediaTimeUs) {
    const figures = this.track(session, track);
    figures.frames += 1;
    figures.last_media_time_us = mediaTimeUs;
    figures.last_latency_ms = Date.now() - session.wallMs(mediaTimeUs);
    this.latency_ms.push(figures.last_latency_ms);
    if (this.latency_ms.length > SAMPLES) this.latency_ms.shift();
  }
}
