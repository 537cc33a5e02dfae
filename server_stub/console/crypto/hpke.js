// HPKE (RFC 9180), base mode, one shot: X25519, HKDF-SHA256, AES-256-GCM, on WebCrypto alone.
// Twin of exam_protocol/keys.py: sealed = enc (32 bytes) | ciphertext | tag (16 bytes); bound through `info`.

import { bigEndian, join, utf8 } from "../base/bytes.js";
import { Problem } from "../base/problem.js";
import { expand, extract, hmacKey } from "./hmac.js";

const ENC_BYTES = 32;
const KEM_SUITE = join(utf8("KEM"), bigEndian(0x0020, 2));
const SUITE = join(utf8("HPKE"), bigEndian(0x0020, 2), bigEndian(0x0001, 2), bigEndian(0x0002, 2));
const EMPTY = new Uint8Array();

const labeledExtract = (suite, salt, label, secret) =>
  extract("SHA-256", salt, join(utf8("HPKE-v1"), suite, utf8(label), secret));

async function labeledExpand(suite, secret, label, info, size) {
  const labeled = join(bigEndian(size, 2), utf8("HPKE-v1"), suite, utf8(label), info);
  return expand(await hmacKey("SHA-256", secret), labeled, size);
}

async function sharedSecret(privateKey, publicBytes, kemContext) {
  const publicKey = await crypto.subtle.importKey("raw", publicBytes, { name: "X25519" }, false, []);
  const point = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, privateKey, 256));
  const secret = await labeledExtract(KEM_SUITE, EMPTY, "eae_prk", point);
  return labeledExpand(KEM_SUITE, secret, "shared_secret", kemContext, 32);
}

async function keySchedule(shared, info, usage) {
  const mode = Uint8Array.of(0);
  const pskHash = await labeledExtract(SUITE, EMPTY, "psk_id_hash", EMPTY);
  const context = join(mode, pskHash, await labeledExtract(SUITE, EMPTY, "info_hash", info));
  const secret = await labeledExtract(SUITE, shared, "secret", EMPTY);
  const key = await labeledExpand(SUITE, secret, "key", context, 32);
  const nonce = await labeledExpand(SUITE, secret, "base_nonce", context, 12);
  return { key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, [usage]), nonce };
}

/** Seals to a raw X25519 public key. */
export async function seal(publicBytes, plaintext, info, aad = EMPTY) {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const shared = await sharedSecret(pair.privateKey, publicBytes, join(enc, publicBytes));
  const { key, nonce } = await keySchedule(shared, info, "encrypt");
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: aad }, key, plaintext);
  return join(enc, new Uint8Array(sealed));
}

/** `wrap` is {privateKey, publicBytes}. Throws Problem `not_for_us`. */
export async function open(wrap, sealed, info, aad = EMPTY) {
  try {
    const enc = sealed.subarray(0, ENC_BYTES);
    const shared = await sharedSecret(wrap.privateKey, enc, join(enc, wrap.publicBytes));
    const { key, nonce } = await keySchedule(shared, info, "decrypt");
    const cipher = { name: "AES-GCM", iv: nonce, additionalData: aad };
    return new Uint8Array(await crypto.subtle.decrypt(cipher, key, sealed.subarray(ENC_BYTES)));
  } catch {
    throw new Problem("not_for_us", "This was sealed to another key or for another purpose.");
  }
}
