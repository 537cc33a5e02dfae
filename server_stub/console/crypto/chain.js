// The hash chain of each track that the console receives whole (everything but media). Twin of exam_protocol/chain.py.
// Signed heads (CHECK, END) are compared with what really arrived; a declared GAP carries the chain over a hole.

import { bigEndian, fromBase64, join, same, sha256, utf8 } from "../base/bytes.js";

export class Chains {
  constructor(sessionId) {
    this.sessionId = sessionId;
    this.tracks = new Map();
  }

  async at(track) {
    if (!this.tracks.has(track)) {
      const head = await sha256(join(utf8("chain/v1"), this.sessionId, bigEndian(track, 1)));
      this.tracks.set(track, { next: 0, head, ahead: new Map() });
    }
    return this.tracks.get(track);
  }

  /** Whether this record is new; hashes after a hole wait until the hole is declared. */
  async append(track, sequence, hash) {
    const chain = await this.at(track);
    if (sequence < chain.next || chain.ahead.has(sequence)) return false;
    chain.ahead.set(sequence, hash);
    await this.#advance(chain);
    return true;
  }

  async knows(track, sequence) {
    const chain = await this.at(track);
    return sequence < chain.next || chain.ahead.has(sequence);
  }

  async declareGap(gap) {
    for (const [at, hash] of gap.hashes.entries()) await this.append(gap.track, gap.first + at, fromBase64(hash));
  }

  /** Tracks whose signed head differs from what arrived: [{track, missing}]; `missing` says records are lacking. */
  async compare(heads, tracks) {
    const wrong = [];
    for (const signed of heads.filter((entry) => tracks.has(entry.track))) {
      const chain = await this.at(signed.track);
      if (chain.next < signed.next_sequence) wrong.push({ track: signed.track, missing: true });
      else if (chain.next === signed.next_sequence && !same(chain.head, fromBase64(signed.head))) {
        wrong.push({ track: signed.track, missing: false });
      }
    }
    return wrong;
  }

  async #advance(chain) {
    for (let hash = chain.ahead.get(chain.next); hash; hash = chain.ahead.get(chain.next)) {
      chain.ahead.delete(chain.next);
      chain.head = await sha256(join(chain.head, hash));
      chain.next += 1;
    }
  }
}
