// Texts by key in the candidate's language, from catalogues of the form "i18next JSON v4": {{parameters}}, and one key for each plural
// category of the language (_one, _other ...), chosen by `count`; English lies beneath. Values arrive with their kind and are formatted
// here. A name or path within a sentence is isolated, so that its direction and the sentence's do not mix.

const FALLBACK = "en";
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
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
  if (text.text !== undefined) return text.text;
  return word(text.key, text.values);
}

// The `dir` of an element that holds `text` alone: words of a person find their own, ours have the page's.
export function dirOf(text) {
  return text && text.text !== undefined ? "auto" : null;
}

export function word(key, values = {}) {
  const pattern = found(key, plural.select(Number(values.count)));
  if (pattern === undefined) return key;
  return pattern.replace(/\{\{(\w+)\}\}/g, (whole, name) => (name in values ? filled(values[name]) : whole));
}

function found(key, category) {
  for (const texts of [table, beneath]) {
    const pattern = texts[key] ?? texts[`${key}_${category}`] ?? texts[`${key}_other`];
    if (pattern !== undefined) return pattern;
  }
  return undefined;
}

export function has(key) {
  return found(key, "other") !== undefined;
}

function filled(value) {
  if (Array.isArray(value)) return new Intl.ListFormat(language, {type: "unit"}).format(value.map(filled));
  return typeof value === "string" ? isolated(value) : format(value);
}

function isolated(value) {
  return rightToLeft || FROM_RIGHT.test(value) ? `\u2068${value}\u2069` : value;
}

export function format(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return number(value);
  if (typeof value !== "object") return String(value);
  return {duration, bytes, number, time}[value.as](value.value);
}

export function number(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return new Intl.NumberFormat(language, {maximumFractionDigits: digits}).format(value);
}

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const two = new Intl.NumberFormat(language, {minimumIntegerDigits: 2});
  const clock = parts.map((part) => two.format(part)).join(":");
  return days ? `${new Intl.NumberFormat(language, {style: "unit", unit: "day", unitDisplay: "long"}).format(days)} ${clock}` : clock;
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

export function hour(atMs) {
  return new Intl.DateTimeFormat(language, {hour: "2-digit", minute: "2-digit"}).format(new Date(atMs));
}
