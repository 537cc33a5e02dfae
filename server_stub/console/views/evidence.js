// The recording around a flag, played in place from the server's stored ciphertext: the records that the flag refers to,
// and what else was recorded in those seconds. Called by views/flags.js.

import { el, icon, keyed, mark, set, show } from "../base/dom.js";
import { clock, roughly } from "../base/time.js";
import { SCREEN_TRACKS, Track } from "../crypto/records.js";
import { Player, Reel } from "../media/player.js";
import { fetchTrack } from "../media/stored.js";

const AROUND_US = 5e6;
const LONGEST_US = 300e6;
const MOST_NUMBERS = 12;
const SHOWN = [Track.WEBCAM, Track.CAMERA2, ...SCREEN_TRACKS];
const NAME = { [Track.WEBCAM]: "Webcam", [Track.CAMERA2]: "Second camera", [Track.SCREEN]: "Screen", [Track.SCREEN_2]: "Display 2", [Track.SCREEN_3]: "Display 3" };
const UNIT = { s: "s", ms: "ms", deg: "degrees", dbfs: "dBFS", hz: "Hz", px: "px" };
export const WAITS = "The recording of this moment is still on the candidate's computer. It can be played here as soon as it has arrived.";

const spansOf = (flag) => (Array.isArray(flag.evidence) ? flag.evidence.filter(({ track }) => SHOWN.includes(track) || track === Track.AUDIO) : []);

/** "taken_back" as "taken back", "away_s" as "away" with its unit. */
function numberRow([name, value]) {
  const words = name.split("_");
  const unit = words.length > 1 ? UNIT[words.at(-1)] : undefined;
  const number = Number.isInteger(value) ? String(value) : String(Math.round(value * 100) / 100);
  return [(unit ? words.slice(0, -1) : words).join(" "), unit ? `${number} ${unit}` : number];
}

export class Evidence {
  #open = null; // {flagId, node, player}

  constructor(arrivals, metrics) {
    this.arrivals = arrivals;
    metrics.lookOn(() => this.#open?.player ?? null);
  }

  /** How things stand with a flag's recording: "there", "waits", or "" where nothing is known or nothing was recorded. */
  standing(session, flag) {
    if (!session.open || session.refusal) return "";
    const spans = spansOf(flag);
    if (!spans.length) return this.arrivals.any(session.id, [...SHOWN, Track.AUDIO]) ? "there" : "";
    const all = this.arrivals.covers(session.id, spans);
    return all === null ? "" : all || session.info.complete ? "there" : "waits"; // nothing more comes then
  }

  /** Asks the server what arrived, where a flag of these waits for it. */
  look(session, flags) {
    if (session.open && flags.some((flag) => this.standing(session, flag) !== "there")) this.arrivals.look(session);
  }

  isOpen(flag) {
    return this.#open?.flagId === flag.id && this.#open.node.isConnected;
  }

  close() {
    const open = this.#open;
    this.#open = null;
    open?.player?.close();
    open?.node.remove();
  }

  /** Opens the recording below `item` and plays it. Call from a click or a key: sound starts only then. */
  async play(item, session, flag) {
    this.close();
    const fromUs = Math.max(0, flag.from_us - AROUND_US);
    const wholeUs = Math.max(flag.to_us, flag.from_us) + AROUND_US;
    const toUs = Math.min(wholeUs, fromUs + LONGEST_US);
    const open = { flagId: flag.id, node: this.#strip(flag), player: null };
    this.#open = open;
    item.append(open.node);
    try {
      const found = await this.#fetch(session, flag, fromUs, toUs);
      if (this.#open === open) this.#start(open, session, flag, found, fromUs, toUs, wholeUs > toUs);
    } catch (error) {
      if (this.#open === open) this.#say(open.node, error.text ?? "The recording cannot be shown.");
      if (!error.code) console.error(error);
    }
  }

  #strip(flag) {
    const rows = Object.entries(flag.numbers ?? {}).slice(0, MOST_NUMBERS).map(numberRow);
    const numbers = rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
    return el("div", { class: "flag-play", role: "group", aria_label: "Recording of this moment", data_state: "loading" },
      el("p", { class: "flag-why", dir: "auto" }, flag.reason || flag.code),
      rows.length ? el("dl", { class: "flag-numbers" }, numbers) : null,
      el("p", { class: "flag-said quiet", role: "status" }, "Fetching the recording …"),
      el("div", { class: "flag-controls", hidden: true }), el("div", { class: "flag-pictures" }));
  }

  /** The flag's own records by their numbers; of the other tracks what was recorded in its seconds. */
  async #fetch(session, flag, fromUs, toUs) {
    const named = new Map(spansOf(flag).map((span) => [span.track, span]));
    const tracks = [Track.WEBCAM, ...[...session.displays].sort().map((display) => SCREEN_TRACKS[display]), Track.AUDIO];
    const wanted = [...new Set([...named.keys(), ...tracks])];
    const found = await Promise.all(wanted.map((track) => fetchTrack(session, named.get(track) ?? { track, fromUs, toUs })));
    return new Map(wanted.map((track, at) => [track, found[at]]));
  }

  #start(open, session, flag, found, fromUs, toUs, isCut) {
    const { node } = open;
    const tracks = SHOWN.filter((track) => found.get(track)?.frames.length);
    const sound = found.get(Track.AUDIO)?.frames ?? [];
    if (!tracks.length && !sound.length) return this.#say(node, this.#nothing(found));
    const reels = tracks.map((track) => new Reel(found.get(track).frames, this.#figure(node, track)));
    const player = new Player(reels, sound, fromUs, toUs, {
      shown: (reel, isThere) => show(reel.canvas.nextElementSibling, !isThere),
      moved: () => this.#moved(node, player, session, flag),
    });
    open.player = player;
    const missing = [...found.values()].reduce((sum, { unread }) => sum + unread, 0);
    const notes = [isCut && "Only the first 5 minutes are shown; the evidence file has all.", missing && `${missing} of its records cannot be opened and are left out.`, !sound.length && "No sound was recorded here."];
    this.#say(node, notes.filter(Boolean).join(" "));
    this.#controls(node, player, flag);
    player.play();
    node.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  #nothing(found) {
    return [...found.values()].some(({ unread }) => unread) ? "The recording of this moment was sealed to others, or is damaged." : "No recording of this moment has arrived.";
  }

  #say(node, words) {
    set(node.querySelector(".flag-said"), words);
    mark(node, "data-state", node.querySelector("canvas") ? "ready" : "empty");
  }

  #figure(node, track) {
    const canvas = el("canvas", { width: "320", height: "240", role: "img", aria_label: `${NAME[track]} at the time of the flag`, data_track: String(track) });
    const gap = el("span", { class: "flag-gap", hidden: true }, "Nothing was recorded at this moment");
    node.querySelector(".flag-pictures").append(el("figure", { class: SCREEN_TRACKS.includes(track) ? "display" : "camera" }, el("div", {}, canvas, gap), el("figcaption", { class: "quiet" }, NAME[track])));
    return canvas;
  }

  #controls(node, player, flag) {
    const length = player.toUs - player.fromUs;
    const share = (us) => `${(Math.min(Math.max(us - player.fromUs, 0), length) / length) * 100}%`;
    const range = el("input", { type: "range", class: "flag-place", min: "0", max: String(Math.round(length / 1000)), step: "100", aria_label: "Place in the recording" });
    range.addEventListener("input", () => player.seek(player.fromUs + Number(range.value) * 1000));
    const moment = el("i");
    moment.style.insetInlineStart = share(flag.from_us);
    moment.style.width = `max(3px, calc(${share(flag.to_us)} - ${share(flag.from_us)}))`;
    const sound = el("button", { class: "flag-sound plain", aria_pressed: "true", onclick: () => this.#hush(player) }, icon("sound"), el("span", {}, "Sound"));
    node.querySelector(".flag-controls").append(
      el("button", { class: "flag-pause", onclick: () => (player.playing ? player.pause() : player.play()) }),
      el("div", { class: "flag-line" }, range, el("div", { class: "flag-moment", aria_hidden: "true" }, moment)),
      el("span", { class: "flag-time number quiet" }), player.sound.length ? sound : "");
    show(node.querySelector(".flag-controls"), true);
  }

  #hush(player) {
    player.hush(!player.silent);
    player.moved();
  }

  #moved(node, player, session, flag) {
    if (!node.isConnected) return this.close();
    const button = node.querySelector(".flag-pause");
    if (!button) return undefined;
    mark(node, "data-state", player.playing ? "playing" : player.ended ? "ended" : "paused");
    keyed(button, [player.playing ? "pause" : player.ended ? "repeat" : "play"], String, (sign) => el("span", {}, icon(sign), { pause: "Pause", play: "Play", repeat: "Again" }[sign]));
    const range = node.querySelector(".flag-place");
    range.value = String(Math.round((player.atUs - player.fromUs) / 1000));
    const at = clock(session.wallMs(player.atUs));
    set(node.querySelector(".flag-time"), at);
    const away = player.atUs < flag.from_us ? `${roughly((flag.from_us - player.atUs) / 1000)} before the flag` : player.atUs > flag.to_us ? `${roughly((player.atUs - flag.to_us) / 1000)} after the flag` : "the flag's seconds";
    mark(range, "aria-valuetext", `${at}, ${away}`);
    const sound = node.querySelector(".flag-sound");
    if (sound) mark(sound, "aria-pressed", String(!player.silent));
    return undefined;
  }
}
