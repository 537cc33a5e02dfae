// What the console knows as a whole: who I am, the verified package and roster, every session, which one is open.
// app.js feeds it messages and records; views read it. Nothing here draws.

import { fromBase64, same, sha256 } from "./base/bytes.js";
import { Problem } from "./base/problem.js";
import { Track } from "./crypto/records.js";
import { DOMAIN, openDocument, rootFingerprint } from "./crypto/signing.js";
import { SMALL_TRACKS, fullTracks } from "./media/board.js";
import { Session } from "./session.js";

const WORD_TRACKS = [Track.CONTROL, Track.FLAGS, Track.LOG, Track.IDENTITY, Track.LEDGER];

export class Store {
  /** `hooks`: {changed(), news(session, news), media(session, header, media), send(message)}. */
  constructor(vault, hooks) {
    this.vault = vault;
    this.hooks = hooks;
    this.proctor = null; // my id, as the server knows me
    this.keys = null;
    this.package = null; // verified: {value, hash, fingerprint}
    this.roster = null;
    this.sessions = new Map();
    this.openId = null;
    this.display = 0; // of the open candidate, that is shown
    this.skewMs = 0;
    this.stray = 0; // records of sessions nobody told of
  }

  get open() {
    return this.sessions.get(this.openId) ?? null;
  }

  get entry() {
    return this.roster?.entries.find((entry) => entry.id === this.proctor) ?? null;
  }

  nameOf(proctor) {
    return proctor === this.proctor ? "you" : this.roster?.entries.find((entry) => entry.id === proctor)?.name ?? proctor;
  }

  /** Why my keys open nothing, as a stable code, or null: not_in_roster, other_keys, off_duty. */
  get keyProblem() {
    if (!this.entry) return "not_in_roster";
    const mine = (field, key) => same(fromBase64(this.entry[field]), key.publicBytes);
    if (!mine("sign_key", this.keys.sign) || !mine("wrap_key", this.keys.wrap)) return "other_keys";
    const now = Date.now();
    return now < this.entry.from_ms || now > this.entry.until_ms ? "off_duty" : null;
  }

  /** Throws Problem where package or roster are not what they must be: then nothing is shown. */
  async welcome(message) {
    await this.#openPackage(message.package);
    await this.takeRoster(message.roster);
    this.proctor = message.proctor;
    this.keys = (await this.vault.get(`keys:${message.proctor}`)) ?? null;
    this.skewMs = message.server_time_ms - Date.now();
    for (const info of message.sessions) await this.sessionChanged(info);
  }

  async #openPackage(document) {
    const { value, payload, signer } = await openDocument(document, DOMAIN.package);
    const fingerprint = await rootFingerprint(signer);
    const known = await this.vault.get(`root:${value.exam_id}`);
    if (known && known !== fingerprint) {
      throw Object.assign(new Problem("package_foreign", "This exam package was made by another institution than the last time."), { examId: value.exam_id });
    }
    await this.vault.put(`root:${value.exam_id}`, fingerprint);
    this.package = { value, fingerprint, hash: await sha256(payload) };
  }

  async takeRoster(document) {
    const { value } = await openDocument(document, DOMAIN.roster, fromBase64(this.package.value.roster_signer));
    if (value.exam_id !== this.package.value.exam_id) throw new Problem("wrong_exam", "This roster belongs to another exam.");
    if (this.roster && value.version < this.roster.version) throw new Problem("old_roster", "An older roster arrived.");
    this.roster = value;
  }

  /** The session, where it is new. */
  async sessionChanged(info) {
    const known = this.sessions.get(info.session_id);
    if (known) {
      known.update(info);
      return null;
    }
    const session = new Session(info, {
      me: () => ({ id: this.proctor, wrap: this.keys.wrap }),
      packageHash: () => this.package.hash,
      changed: (changed, news) => {
        if (news) this.hooks.news(changed, news);
        this.hooks.changed();
      },
      media: this.hooks.media,
    });
    this.sessions.set(info.session_id, session);
    return session;
  }

  /** Asks for a session's records; a later watch of the same session takes the place of the earlier one. */
  watch(session) {
    if (!this.keys || this.keyProblem) return;
    if (session.over && session.id !== this.openId) {
      this.hooks.send({ type: "unwatch", session_id: session.id });
      return;
    }
    const media = session.id === this.openId ? [...SMALL_TRACKS, ...fullTracks(this.display)] : SMALL_TRACKS;
    this.hooks.send({ type: "watch", session_id: session.id, tracks: [...WORD_TRACKS, ...media] });
  }

  watchAll() {
    for (const session of this.sessions.values()) if (!session.over || session.id === this.openId) this.watch(session);
  }

  showDisplay(display) {
    this.display = display;
    if (this.open) this.watch(this.open);
  }

  select(id) {
    const before = this.open;
    this.openId = id;
    this.display = 0;
    if (before && before.id !== id) this.watch(before);
    const session = this.open;
    if (session) {
      session.lookedAtMs = Date.now();
      this.watch(session);
    }
    this.hooks.changed();
  }

  record(bytes) {
    const id = Array.from(bytes.subarray(24, 40), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const session = this.sessions.get(id);
    if (session) session.take(bytes);
    else this.stray += 1;
  }
}
