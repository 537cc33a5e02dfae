// Texts by key in the candidate's language, from catalogues of the form "i18next JSON v4": {{parameters}}, and one key for each plural
// category of the language (_one, _other ...), chosen by `count`; English lies beneath. Values arrive with their kind and are formatted
// here. A name or path within a sentence is isolated, so that its direction and the sentence's do not mix.

const FALLBACK = "en";
const DIRECTED = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const loading = {};
let table = {};
let beneath = {};
let language = FALLBACK;
let rightToLeft = false;
let plural = new Intl.PluralRules(FALLBACK);

// All later words are in `name`. What was asked for twice is fetched once; what failed can be asked for again.
export async function loadTexts(name, direction) {
  const [own, english] = await Promise.all([fetched(name), fetched(FALLBACK)]);
  table = own;
  beneath = english;
  language = name;
  rightToLeft = direction === "rtl";
  plural = new Intl.PluralRules(name);
}

function fetched(name) {
  loading[name] ||= fetch(`locales/${name}.json`).then((answer) => answer.json()).catch((error) => {
    delete loading[name];
    throw error;
  });
  return loading[name];
}

export function say(text) {
  if (!text) return "";
  if (text.text !== undefined && !(text.all ?? [text]).every(isKnown)) return text.text;
  return text.all ? text.all.map(say).join(" ") : word(text.key, text.values);
}

// Whether the catalogue has a text and its values are there: else the sentence that came with it is said.
function isKnown({key, values = {}}) {
  const names = pattern(key, values)?.matchAll(/\{\{(\w+)\}\}/g);
  return names !== undefined && [...names].every(([, name]) => name in values);
}

function pattern(key, values) {
  const category = plural.select(Number(values.count));
  for (const texts of [table, beneath]) {
    const found = texts[key] ?? texts[`${key}_${category}`] ?? texts[`${key}_other`];
    if (found !== undefined) return found;
  }
  return undefined;
}

// The `dir` of an element that holds `text` alone: words of a person find their own, ours have the page's.
export function dirOf(text) {
  return text && text.text !== undefined ? "auto" : null;
}

export function word(key, values = {}) {
  return (pattern(key, values) ?? key).replace(/\{\{(\w+)\}\}/g, (whole, name) => (name in values ? filled(values[name]) : whole));
}

export function has(key) {
  return pattern(key, {}) !== undefined;
}

function filled(value) {
  if (Array.isArray(value)) return new Intl.ListFormat(language, {type: "unit"}).format(value.map(filled));
  return typeof value === "string" ? isolated(value) : format(value);
}

// A name in a sentence of ours keeps its own direction, and what would turn ours round is taken out of it.
export function isolated(value) {
  return rightToLeft || DIRECTED.test(value) ? `\u2068${value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")}\u2069` : value;
}

export function format(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return number(value);
  if (typeof value !== "object") return isolated(String(value));
  if (value.as === undefined) return say(value);
  return {duration, length, bytes, number, time, hour, day}[value.as](value.value);
}

export function number(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return new Intl.NumberFormat(language, {maximumFractionDigits: digits}).format(value);
}

export function percent(share) {
  return new Intl.NumberFormat(language, {style: "percent", maximumFractionDigits: 0}).format(share);
}

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const two = new Intl.NumberFormat(language, {minimumIntegerDigits: 2});
  const clock = parts.map((part) => two.format(part)).join(":");
  return days ? `${new Intl.NumberFormat(language, {style: "unit", unit: "day", unitDisplay: "long"}).format(days)} ${clock}` : clock;
}

function length(seconds) {
  const parts = [["hour", Math.floor(seconds / 3600)], ["minute", Math.floor(seconds / 60) % 60], ["second", seconds % 60]].filter(([, count]) => count > 0);
  return parts.map(([unit, count]) => new Intl.NumberFormat(language, {style: "unit", unit, unitDisplay: "long"}).format(count)).join(" ");
}

export function bytes(count) {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let step = 0;
  while (count >= 1000 && step < 3) { count /= 1000; step += 1; }
  return new Intl.NumberFormat(language, {style: "unit", unit: steps[step], maximumFractionDigits: count < 10 && step ? 1 : 0}).format(count);
}

function time(atMs) {
  return new Intl.DateTimeFormat(language, {dateStyle: "full", timeStyle: "short"}).format(new Date(atMs));
}

function day(atMs) {
  return new Intl.DateTimeFormat(language, {dateStyle: "long", timeZone: "UTC"}).format(new Date(atMs));
}

export function hour(atMs) {
  return new Intl.DateTimeFormat(language, {hour: "2-digit", minute: "2-digit"}).format(new Date(atMs));
}
