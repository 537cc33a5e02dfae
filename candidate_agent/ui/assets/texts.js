// Texts by key in the candidate's language, from catalogues of the form "i18next JSON v4": {{parameters}}, and one key for each plural
// category of the language (_one, _other ...), chosen by `count`. Values arrive with their kind and are formatted here.

let table = {};
let language = "en";
let plural = new Intl.PluralRules("en");

export async function loadTexts(name) {
  const answer = await fetch(`locales/${name}.json`);
  table = await answer.json();
  language = name;
  plural = new Intl.PluralRules(name);
}

export function say(text) {
  if (!text) return "";
  if (text.text !== undefined) return text.text;
  return word(text.key, text.values);
}

export function word(key, values = {}) {
  const pattern = table[key] ?? table[`${key}_${plural.select(Number(values.count))}`] ?? table[`${key}_other`];
  if (pattern === undefined) return key;
  return pattern.replace(/\{\{(\w+)\}\}/g, (whole, name) => (name in values ? format(values[name]) : whole));
}

export function has(key) {
  return key in table || `${key}_other` in table;
}

export function format(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return number(value);
  if (typeof value !== "object") return String(value);
  return {duration, bytes, number, time, day}[value.as](value.value);
}

function number(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return new Intl.NumberFormat(language, {maximumFractionDigits: digits}).format(value);
}

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
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

function day(atMs) {
  return new Intl.DateTimeFormat(language, {dateStyle: "long", timeZone: "UTC"}).format(new Date(atMs));
}

export function hour(atMs) {
  return new Intl.DateTimeFormat(language, {hour: "2-digit", minute: "2-digit"}).format(new Date(atMs));
}
