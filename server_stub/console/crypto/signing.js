// Ed25519 over domain | 0x00 | payload, and signed documents. Twin of exam_protocol/signing.py.
// What was signed is never serialised again: the payload bytes are verified and parsed as they came.

import { fromBase64, join, same, text, toBase64, toHex, sha256, utf8 } from "../base/bytes.js";
import { Problem } from "../base/problem.js";

export const DOMAIN = { package: "exam-package/v1", roster: "roster/v1", record: "record/v1", command: "proctor-command/v1" };

const scoped = (domain, payload) => join(utf8(domain), Uint8Array.of(0), payload);

export const sign = async (privateKey, domain, payload) =>
  new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, scoped(domain, payload)));

/** Throws Problem `bad_signature`. */
export async function verify(publicBytes, domain, payload, signature) {
  let holds = false;
  try {
    const key = await crypto.subtle.importKey("raw", publicBytes, { name: "Ed25519" }, false, ["verify"]);
    holds = await crypto.subtle.verify("Ed25519", key, signature, scoped(domain, payload));
  } catch {
    holds = false;
  }
  if (!holds) throw new Problem("bad_signature", "The signature does not belong to this content.");
}

/** The parsed payload of a document (JSON with base64 fields), if `key` signed it; `key` null takes the document's own. */
export async function openDocument(document, domain, key = null) {
  const signer = fromBase64(document.key);
  if (key && !same(signer, key)) throw new Problem("foreign_key", "This was signed by somebody else.");
  const payload = fromBase64(document.payload);
  await verify(signer, domain, payload, fromBase64(document.signature));
  return { value: JSON.parse(text(payload)), payload, signer };
}

export async function signDocument(privateKey, publicBytes, domain, payload) {
  const signature = await sign(privateKey, domain, payload);
  return { payload: toBase64(payload), key: toBase64(publicBytes), signature: toBase64(signature) };
}

/** How people compare an institution's root key: 32 hexadecimal digits in groups of four. */
export async function rootFingerprint(key) {
  const digits = toHex(await sha256(join(utf8("root/v1"), key))).slice(0, 32);
  return digits.match(/.{4}/g).join("-");
}
