// Which decoder draws on which canvas: small layers for every session's tile, full layers and sound for the open one.
// Called by app.js with each opened media record; views hand in their canvases.

import { SCREEN_TRACKS, Track } from "../crypto/records.js";
import { AudioTrack } from "./audio.js";
import { VideoTrack, paint } from "./video.js";

export const SMALL_TRACKS = [Track.SCREEN_SMALL, Track.WEBCAM_SMALL];
/** Of the open candidate, one display at a time. */
export const fullTracks = (display) => [SCREEN_TRACKS[display], Track.WEBCAM, Track.AUDIO];

export class Board {
  #players = new Map(); // "<session>:<track>" -> {video, canvas, drawnAtMs}
  #openId = null;
  #display = 0;

  constructor(metrics) {
    this.metrics = metrics;
    this.audio = null;
    metrics.listenTo(() => this.audio);
  }

  /** Draws this track of a session on `canvas` from its next key frame on. */
  show(session, track, canvas) {
    const name = `${session.id}:${track}`;
    const player = { canvas, drawnAtMs: 0, mediaTimeUs: 0 };
    player.video = new VideoTrack(
      (frame) => this.#draw(session, track, player, frame),
      (count) => {
        this.metrics.track(session, track).lost += count;
      },
    );
    this.#players.get(name)?.video.close();
    this.#players.set(name, player);
  }

  hide(sessionId, tracks) {
    for (const track of tracks) {
      this.#players.get(`${sessionId}:${track}`)?.video.close();
      this.#players.delete(`${sessionId}:${track}`);
    }
  }

  /** The one session whose full layers and sound are open. */
  open(session, screen, webcam) {
    this.closeOpen();
    this.#openId = session.id;
    this.#display = 0;
    this.show(session, Track.SCREEN, screen);
    this.show(session, Track.WEBCAM, webcam);
    this.audio = new AudioTrack();
  }

  /** Another display of the open candidate, on the same canvas. */
  showDisplay(session, display, screen) {
    this.hide(session.id, [SCREEN_TRACKS[this.#display]]);
    this.#display = display;
    this.show(session, SCREEN_TRACKS[display], screen);
  }

  closeOpen() {
    if (this.#openId) this.hide(this.#openId, fullTracks(this.#display));
    this.audio?.close();
    this.audio = null;
    this.#openId = null;
  }

  /** When this track was last drawn, {drawnAtMs, mediaTimeUs}; zeros before its first frame. */
  drawn(sessionId, track) {
    return this.#players.get(`${sessionId}:${track}`) ?? { drawnAtMs: 0, mediaTimeUs: 0 };
  }

  take(session, header, media) {
    if (header.track === Track.AUDIO) {
      if (session.id === this.#openId) this.audio.take(header, media);
      return;
    }
    this.#players.get(`${session.id}:${header.track}`)?.video.take(header, media);
  }

  #draw(session, track, player, frame) {
    paint(player.canvas, frame);
    player.canvas.dataset.frames = String(Number(player.canvas.dataset.frames ?? 0) + 1);
    player.drawnAtMs = Date.now();
    player.mediaTimeUs = frame.timestamp;
    this.metrics.drawn(session, track, frame.timestamp);
  }
}
