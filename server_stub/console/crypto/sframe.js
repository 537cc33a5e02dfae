// SFrame (RFC 9605), suite 0x0005: AES-256-GCM with SHA-512. Twin of exam_protocol/sealing.py.
// KID = epoch << 8 | track, CTR = sequence; the 44-byte record header is the metadata.

import { bigEndian, join, utf8 } from "../base/bytes.js";
import { Problem } from "../base/problem.js";
import { expand, extract, hmacKey } from "./hmac.js";

const SUITE = bigEndian(0x0005, 2);

export const keyId = (epoch, track) => epoch * 256 + track;

function field(value) {
  if (value < 8) return [value, new Uint8Array()];
  let size = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) size += 1;
  return [8 | (size - 1), bigEndian(value, size)];
}

export function sframeHeader(kid, ctr) {
  const [kidCode, kidBytes] = field(kid);
  const [ctrCode, ctrBytes] = field(ctr);
  return join(Uint8Array.of((kidCode << 4) | ctrCode), kidBytes, ctrBytes);
}

/** The secret that all keys of an epoch come from, as an HMAC key that cannot be read back. */
export async function epochSecret(baseKey) {
  return hmacKey("SHA-512", await extract("SHA-512", new Uint8Array(), baseKey));
}

/** Key and salt of one KID. */
export async function trackKey(secret, kid) {
  const suffix = join(bigEndian(kid, 8), SUITE);
  const key = await expand(secret, join(utf8("SFrame 1.0 Secret key "), suffix), 32);
  const salt = await expand(secret, join(utf8("SFrame 1.0 Secret salt "), suffix), 12);
  return { kid, salt, key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]) };
}

function cipher(track, ctr, header, metadata) {
  const iv = track.salt.slice();
  bigEndian(ctr, iv.length).forEach((byte, at) => {
    iv[at] ^= byte;
  });
  return { name: "AES-GCM", iv, additionalData: join(header, metadata) };
}

export async function encrypt(track, ctr, metadata, plaintext) {
  const header = sframeHeader(track.kid, ctr);
  const sealed = await crypto.subtle.encrypt(cipher(track, ctr, header, metadata), track.key, plaintext);
  return join(header, new Uint8Array(sealed));
}

/** Throws Problem `damaged` unless tag, header, KID, CTR and metadata all fit. */
export async function decrypt(track, ctr, metadata, ciphertext) {
  const header = sframeHeader(track.kid, ctr);
  if (!header.every((byte, at) => ciphertext[at] === byte)) {
    throw new Problem("damaged", "A sealed record names another key or counter than its header.");
  }
  try {
    const body = ciphertext.subarray(header.length);
    return new Uint8Array(await crypto.subtle.decrypt(cipher(track, ctr, header, metadata), track.key, body));
  } catch {
    throw new Problem("damaged", "A sealed record was changed after it was sealed.");
  }
}
