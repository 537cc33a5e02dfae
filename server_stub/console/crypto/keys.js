// A proctor's two keys: making them, the key file, the public card, and the CryptoKeys that cannot be read back.
// File format: exam_protocol/keyfile.py. Also the purposes (`info`) that keys.py binds sealed things to.

import { bigEndian, fromBase64, fromHex, join, randomBytes, same, text, toBase64, utf8 } from "../base/bytes.js";
import { Problem } from "../base/problem.js";
import * as hpke from "./hpke.js";
import { expand, extract, hmacKey } from "./hmac.js";

const ITERATIONS = 600000;
const KEY_FILE_AAD = utf8("key-file/v1");
const PKCS8_PREFIX = {
  Ed25519: fromHex("302e020100300506032b657004220420"),
  X25519: fromHex("302e020100300506032b656e04220420"),
};
const USAGE = { Ed25519: ["sign"], X25519: ["deriveBits"] };

export const epochInfo = (sessionId, epoch) => join(utf8("epoch-key/v1"), sessionId, bigEndian(epoch, 4));
export const commandInfo = (sessionId, counter) => join(utf8("proctor-command/v1"), sessionId, bigEndian(counter, 8));
export const examInfo = (examId) => join(utf8("exam-access/v1"), utf8(examId));

/** 32 bytes that only this epoch key gives. */
export async function commitment(epochKey) {
  return expand(await hmacKey("SHA-256", await extract("SHA-256", new Uint8Array(), epochKey)), utf8("commit"), 32);
}

/** The epoch key wrapped to `recipient`. Throws Problem `not_for_us` or `bad_commitment`. */
export async function unwrapEpoch(body, sessionId, recipient, wrap) {
  const mine = body.wraps.find((entry) => entry.recipient === recipient);
  if (!mine) throw new Problem("not_for_us", `Epoch ${body.epoch} has no key for ${recipient}.`);
  const key = await hpke.open(wrap, fromBase64(mine.sealed), epochInfo(sessionId, body.epoch));
  if (!same(await commitment(key), fromBase64(body.commitment))) {
    throw new Problem("bad_commitment", "An epoch key does not match what all recipients were promised.");
  }
  return key;
}

/** {privateKey, publicBytes}: the private key leaves WebCrypto no more. */
async function importPrivate(name, raw) {
  const pkcs8 = join(PKCS8_PREFIX[name], raw);
  const readable = await crypto.subtle.importKey("pkcs8", pkcs8, { name }, true, USAGE[name]);
  const { x } = await crypto.subtle.exportKey("jwk", readable);
  const publicBytes = fromBase64(x.replaceAll("-", "+").replaceAll("_", "/") + "=");
  return { publicBytes, privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, { name }, false, USAGE[name]) };
}

async function fileKey(passphrase, salt, iterations, usage) {
  const secret = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, [usage]);
}

async function sealFile(id, name, passphrase, secrets) {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const key = await fileKey(passphrase, salt, ITERATIONS, "encrypt");
  const cipher = { name: "AES-GCM", iv: nonce, additionalData: KEY_FILE_AAD };
  const plain = utf8(JSON.stringify({ sign: toBase64(secrets.sign), wrap: toBase64(secrets.wrap) }));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher, key, plain));
  return {
    format: 1, kind: "proctor", id, name, salt: toBase64(salt), iterations: ITERATIONS,
    nonce: toBase64(nonce), sealed: toBase64(sealed),
  };
}

async function newRaw(name) {
  const pair = await crypto.subtle.generateKey({ name }, true, name === "Ed25519" ? ["sign", "verify"] : ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).slice(-32);
}

const ready = async (id, name, secrets) => ({
  id, name, sign: await importPrivate("Ed25519", secrets.sign), wrap: await importPrivate("X25519", secrets.wrap),
});

export function publicCard(keys, role = "proctor") {
  return {
    format: 1, id: keys.id, name: keys.name, role,
    sign_key: toBase64(keys.sign.publicBytes), wrap_key: toBase64(keys.wrap.publicBytes),
  };
}

/** New keys: {keys, file, card}. The raw bytes exist only inside this call. */
export async function makeKeys(id, name, passphrase) {
  const secrets = { sign: await newRaw("Ed25519"), wrap: await newRaw("X25519") };
  const file = await sealFile(id, name, passphrase, secrets);
  const keys = await ready(id, name, secrets);
  secrets.sign.fill(0);
  secrets.wrap.fill(0);
  return { keys, file, card: publicCard(keys) };
}

function parseKeyFile(content) {
  try {
    const file = JSON.parse(content);
    const fits = file.format === 1 && file.kind === "proctor" && file.iterations >= 100000 && file.iterations <= 1e7;
    if (fits && typeof file.id === "string" && typeof file.name === "string") return file;
  } catch {
    // said below, in one sentence for every way of not being a key file
  }
  throw new Problem("key_file_damaged", "This is not a proctor's key file. Please choose the file ending in .key.json.");
}

/** Throws Problem `key_file_damaged` or `wrong_passphrase`. */
export async function openKeyFile(content, passphrase) {
  const file = parseKeyFile(content);
  try {
    const key = await fileKey(passphrase, fromBase64(file.salt), file.iterations, "decrypt");
    const cipher = { name: "AES-GCM", iv: fromBase64(file.nonce), additionalData: KEY_FILE_AAD };
    const plain = JSON.parse(text(new Uint8Array(await crypto.subtle.decrypt(cipher, key, fromBase64(file.sealed)))));
    return await ready(file.id, file.name, { sign: fromBase64(plain.sign), wrap: fromBase64(plain.wrap) });
  } catch {
    throw new Problem("wrong_passphrase", "The passphrase does not open this key file.");
  }
}
