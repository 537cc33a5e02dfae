// One candidate's session as this console knows it: opens records in order, keeps what they say, counts what it must
// not believe. Nothing here draws. store.js gives it bytes; views read its fields.

import { fromBase64, same, sha256, toHex } from "./base/bytes.js";
import { Problem } from "./base/problem.js";
import { Chains } from "./crypto/chain.js";
import { unwrapEpoch } from "./crypto/keys.js";
import { MEDIA_TRACKS, SCREEN_TRACKS, Track, Type, parseJson, readSigned, split, unpackMedia } from "./crypto/records.js";
import { decrypt, epochSecret, keyId, trackKey } from "./crypto/sframe.js";
import { Ledger } from "./ledger.js";

const MAX_WAITING_BYTES = 4 << 20;
const MAX_QUEUED_MEDIA = 400;
const WHOLE_TRACKS = new Set([Track.CONTROL, Track.FLAGS, Track.LOG, Track.IDENTITY]);

export class Session {
  #tail = Promise.resolve();
  #queued = 0;
  #epochs = new Map();
  #waiting = [];
  #waitingBytes = 0;

  /** `context`: {me() -> {id, wrap}, packageHash() -> bytes, changed(session, news|null), media(session, header, media)}. */
  constructor(info, context) {
    this.context = context;
    this.id = info.session_id;
    this.info = info;
    this.open = null; // the verified OPEN: the only source of device key and wrap key
    this.refusal = null; // why the session's OPEN was refused: nothing of it is believed
    this.state = info.state;
    this.stateReason = info.state_reason;
    this.stateSinceMs = info.opened_ms;
    this.ended = null;
    this.faults = [];
    this.faultCount = 0;
    this.missing = new Set(); // tracks whose signed heads count more than arrived
    this.broken = new Set(); // tracks whose signed heads differ from what arrived
    this.gaps = [];
    this.displays = new Set([0]); // numbers of those of which there is a recording, as the signed heads say
    this.notForUs = 0;
    this.droppedMedia = 0;
    this.lookedAtMs = 0;
    this.ledger = new Ledger(this.id);
    this.chains = null;
  }

  get sessionId() {
    return this.open.header.sessionId;
  }

  get deviceKey() {
    return this.open.deviceKey;
  }

  get linkLost() {
    return !this.info.connected && !this.over;
  }

  get over() {
    return this.state === "ended" || this.state === "refused" || this.info.complete || this.ended !== null;
  }

  wallMs(mediaTimeUs) {
    return this.open.value.wall_ms + mediaTimeUs / 1000;
  }

  update(info) {
    this.info = info;
    if (!this.ledger.stateKnown) {
      this.state = info.state;
      this.stateReason = info.state_reason;
    }
  }

  /** Takes one record; records of a session are opened one after the other. Media is left out when too far behind. */
  take(record) {
    if (this.#queued > MAX_QUEUED_MEDIA && MEDIA_TRACKS.has(record[2])) {
      this.droppedMedia += 1;
      return this.#tail;
    }
    this.#queued += 1;
    this.#tail = this.#tail
      .then(() => this.#handle(record))
      .catch((error) => this.#fault(error))
      .then(() => {
        this.#queued -= 1;
      });
    return this.#tail;
  }

  async #handle(record) {
    const { header } = split(record);
    if (header.type === Type.OPEN) return this.#opened(record);
    if (this.refusal) return undefined;
    if (!this.open) throw new Problem("damaged", "A record came before the session's OPEN.");
    if (header.type !== Type.DATA) return this.#signed(record);
    const epoch = this.#epochs.get(header.epoch);
    if (epoch === undefined) return this.#wait(record);
    if (epoch === null) return this.#unreadable(header, record);
    return this.#data(record, epoch);
  }

  async #opened(record) {
    if (this.open) {
      if (!same(await sha256(record), this.open.hash)) throw new Problem("foreign_key", "A second, different OPEN arrived.");
      return;
    }
    try {
      const { header, value } = await readSigned(record, null);
      this.#fits(value, this.context.packageHash());
      this.chains = new Chains(header.sessionId);
      await this.chains.append(Track.LEDGER, header.sequence, await sha256(record));
      const [deviceKey, wrapKey] = [fromBase64(value.device_key), fromBase64(value.wrap_key)];
      this.open = { header, value, deviceKey, wrapKey, hash: await sha256(record) };
      this.refusal = null;
    } catch (error) {
      this.refusal = error;
      throw error;
    } finally {
      this.context.changed(this, null);
    }
  }

  /** The OPEN must be of this session, exam and device; what the server says in clear must agree with it. */
  #fits(value, packageHash) {
    const says = (field) => same(fromBase64(value[field]), fromBase64(this.info[field]));
    if (toHex(fromBase64(value.session_id)) !== this.id) throw new Problem("wrong_session", "OPEN is of another session.");
    if (!same(fromBase64(value.package_hash), packageHash)) throw new Problem("wrong_exam", "OPEN is of another exam package.");
    if (!says("device_key") || !says("wrap_key")) {
      throw new Problem("foreign_key", "OPEN was signed by another device than the one that enrolled.");
    }
  }

  async #signed(record) {
    const { header, value } = await readSigned(record, this.deviceKey);
    if (value.type === "check" || value.type === "end") await this.#compare(value.heads);
    if (!(await this.chains.append(Track.LEDGER, header.sequence, await sha256(record)))) return;
    if (value.type === "epoch") await this.#epoch(value);
    if (value.type === "gap") await this.#gap(value);
    if (value.type === "state") this.#stateSaid(value);
    if (value.type === "end") this.ended = value;
    this.context.changed(this, null);
  }

  async #epoch(value) {
    const me = this.context.me();
    try {
      const key = await unwrapEpoch(value, this.sessionId, me.id, me.wrap);
      this.#epochs.set(value.epoch, { secret: await epochSecret(key), tracks: new Map() });
    } catch (error) {
      this.#epochs.set(value.epoch, null);
      if (error.code !== "not_for_us") throw error;
    } finally {
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      for (const record of waiting) await this.#handle(record).catch((error) => this.#fault(error));
    }
  }

  async #gap(value) {
    this.gaps.push(value);
    await this.chains.declareGap(value);
  }

  #stateSaid(value) {
    this.state = value.state;
    this.stateReason = value.reason;
    this.stateSinceMs = value.wall_ms;
    this.ledger.stateKnown = true;
  }

  async #compare(heads) {
    for (const { track } of heads) if (SCREEN_TRACKS.includes(track)) this.displays.add(SCREEN_TRACKS.indexOf(track));
    const wrong = await this.chains.compare(heads, WHOLE_TRACKS);
    this.missing = new Set(wrong.filter((entry) => entry.missing).map((entry) => entry.track));
    const broken = wrong.filter((entry) => !entry.missing && !this.broken.has(entry.track));
    broken.forEach((entry) => this.broken.add(entry.track));
    if (broken.length) this.#fault(new Problem("bad_chain", "A record was replaced: the chain does not fit what was signed."));
  }

  #wait(record) {
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    while (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#waitingBytes -= this.#waiting.shift().length;
      this.droppedMedia += 1;
    }
  }

  async #unreadable(header, record) {
    const whole = !MEDIA_TRACKS.has(header.track);
    if (whole && !(await this.chains.append(header.track, header.sequence, await sha256(record)))) return;
    this.notForUs += 1;
  }

  /** One stored media record, opened beside the live ones: {header, media}. Throws Problem. */
  async openStored(record) {
    const { header, head, body } = split(record);
    const epoch = this.#epochs.get(header.epoch);
    if (header.session !== this.id || !MEDIA_TRACKS.has(header.track)) throw new Problem("damaged", "Another record came than was asked for.");
    if (!epoch) throw new Problem("not_for_us", "This record was sealed to others.");
    return { header, media: unpackMedia(await this.#plaintext(header, head, body, epoch)) };
  }

  async #plaintext(header, head, body, epoch) {
    if (!epoch.tracks.has(header.track)) {
      epoch.tracks.set(header.track, await trackKey(epoch.secret, keyId(header.epoch, header.track)));
    }
    return decrypt(epoch.tracks.get(header.track), header.sequence, head, body);
  }

  async #data(record, epoch) {
    const { header, head, body } = split(record);
    const media = MEDIA_TRACKS.has(header.track);
    if (!media && (await this.chains.knows(header.track, header.sequence))) return;
    const plaintext = await this.#plaintext(header, head, body, epoch);
    if (media) {
      this.context.media(this, header, unpackMedia(plaintext));
      return;
    }
    await this.chains.append(header.track, header.sequence, await sha256(record));
    const news = this.ledger.enter(parseJson(plaintext), header);
    this.context.changed(this, news);
  }

  #fault(error) {
    const problem = error instanceof Problem ? error : new Problem("unreadable", "A record could not be read.");
    if (!(error instanceof Problem)) console.error(error);
    this.faultCount += 1;
    this.faults.push({ code: problem.code, text: problem.text, atMs: Date.now() });
    if (this.faults.length > 20) this.faults.shift();
    this.context.changed(this, null);
  }
}
