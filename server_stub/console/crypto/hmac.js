// HMAC and HKDF's two halves on WebCrypto, which offers HKDF only as a whole. Used by sframe.js and hpke.js.

import { join } from "../base/bytes.js";

const HASH_BYTES = { "SHA-256": 32, "SHA-512": 64 };

export const hmacKey = (hash, bytes) =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign"]);

export const hmac = async (key, bytes) => new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));

/** HKDF-Extract. An empty salt is a block of zeros: the same to HMAC, and WebCrypto takes no empty key. */
export async function extract(hash, salt, secret) {
  const key = await hmacKey(hash, salt.length ? salt : new Uint8Array(HASH_BYTES[hash]));
  return hmac(key, secret);
}

/** HKDF-Expand; `key` is an HMAC key over the pseudorandom key. */
export async function expand(key, info, size) {
  let output = new Uint8Array();
  let block = new Uint8Array();
  for (let counter = 1; output.length < size; counter += 1) {
    block = await hmac(key, join(block, info, Uint8Array.of(counter)));
    output = join(output, block);
  }
  return output.subarray(0, size);
}
