// Parsing of records: the 44-byte clear header, signed bodies, media frames. Twin of exam_protocol/records.py. Pure.

import { fromBase64, same, text, toHex } from "../base/bytes.js";
import { Problem } from "../base/problem.js";
import { DOMAIN, verify } from "./signing.js";

export const HEADER_BYTES = 44;
const SIGNATURE_BYTES = 64;
const MAX_RECORD_BYTES = 8 << 20;

export const Type = { OPEN: 1, EPOCH: 2, DATA: 3, CHECK: 4, GAP: 5, END: 6, STATE: 7 };
export const Track = {
  CONTROL: 0, SCREEN: 1, WEBCAM: 2, AUDIO: 3, FLAGS: 4, LOG: 5, CAMERA2: 6, IDENTITY: 7,
  SCREEN_SMALL: 8, WEBCAM_SMALL: 9, SCREEN_2: 10, SCREEN_2_SMALL: 11, SCREEN_3: 12, SCREEN_3_SMALL: 13, LEDGER: 255,
};
export const MEDIA_TRACKS = new Set([1, 2, 3, 6, 8, 9, 10, 11, 12, 13]);
export const SCREEN_TRACKS = [Track.SCREEN, Track.SCREEN_2, Track.SCREEN_3]; // of each display in turn, the exam's own first
export const KEY_FRAME = 1;
export const Codec = { H264: 1, OPUS: 2 };

const TYPE_OF_TAG = { open: 1, epoch: 2, check: 4, gap: 5, end: 6, state: 7 };
const KNOWN_TYPES = new Set(Object.values(Type));
const KNOWN_TRACKS = new Set(Object.values(Track));

const refuse = (text) => {
  throw new Problem("damaged", text);
};

/** {header, head, body} of a record; `head` are the header's bytes. Throws Problem `damaged`, `version_too_new`. */
export function split(record) {
  if (record.length < HEADER_BYTES) refuse("A record is shorter than its header.");
  if (record.length > MAX_RECORD_BYTES) refuse("A record is larger than a record may be.");
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const header = {
    type: view.getUint8(1), track: view.getUint8(2), flags: view.getUint8(3), epoch: view.getUint32(4),
    sequence: Number(view.getBigUint64(8)), mediaTimeUs: Number(view.getBigUint64(16)),
    sessionId: record.slice(24, 40), session: toHex(record.subarray(24, 40)),
  };
  if (view.getUint8(0) !== 1) throw new Problem("version_too_new", "A record has a version this console cannot read.");
  if (!KNOWN_TYPES.has(header.type) || !KNOWN_TRACKS.has(header.track)) refuse("A record has an unknown type or track.");
  if ((header.type === Type.DATA) === (header.track === Track.LEDGER)) refuse("A record stands on the wrong track.");
  if (!Number.isSafeInteger(header.sequence)) refuse("A record's number is too large.");
  if (record.length !== HEADER_BYTES + view.getUint32(40)) refuse("A record's length does not match its header.");
  return { header, head: record.subarray(0, HEADER_BYTES), body: record.subarray(HEADER_BYTES) };
}

/** The body of a signed record whose signature by `deviceKey` holds; null takes the key that OPEN itself carries. */
export async function readSigned(record, deviceKey) {
  const { header, body } = split(record);
  if (header.type === Type.DATA || body.length < SIGNATURE_BYTES) refuse("A signed record was expected.");
  const signed = record.subarray(0, record.length - SIGNATURE_BYTES);
  const value = parseJson(signed.subarray(HEADER_BYTES));
  if (TYPE_OF_TAG[value.type] !== header.type) refuse("A signed record's type does not match its content.");
  if (!deviceKey && value.type !== "open") refuse("The first record of a session is OPEN.");
  await verify(deviceKey ?? fromBase64(value.device_key), DOMAIN.record, signed, record.subarray(signed.length));
  if (value.type === "open" && !same(fromBase64(value.session_id), header.sessionId)) refuse("OPEN names another session.");
  return { header, value };
}

export function parseJson(bytes) {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return refuse("A record's content is not readable.");
  }
}

/** One encoded frame. Sound: width is channels, height is sample rate / 100. */
export function unpackMedia(plaintext) {
  if (plaintext.length < 6) refuse("A media record is shorter than its head.");
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  const codec = view.getUint8(0);
  if (codec !== Codec.H264 && codec !== Codec.OPUS) refuse(`A media record has codec ${codec}.`);
  return { codec, width: view.getUint16(2), height: view.getUint16(4), data: plaintext.subarray(6) };
}
