/** The words of the page itself. */

import en from "./messages.en.js";
import es from "./messages.es.js";
import { state } from "./state.js";

/** @typedef {keyof typeof en} Key */
/** @typedef {string | {one: string, other: string}} Message */
/** @typedef {Record<Key, Message>} Catalogue */

/** @type {{en: Catalogue, es: Catalogue}} */
const CATALOGUES = { en, es };

/**
 * The message in the language of the page; `{name}` stands for a value, and `n` selects the plural.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const message = CATALOGUES[state.language][key];
  const text = typeof message === "string" ? message : message[pluralOf(Number(values.n))];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @type {Map<string, Intl.PluralRules>} One for each language: making one takes longer than drawing a sentence. */
const rules = new Map();

/** @param {number} n */
function pluralOf(n) {
  const { language } = state;
  const rule = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, rule);
  return rule.select(n) === "one" ? "one" : "other";
}

/**
 * Whether there is such a message: codes of flags come from the server, which may know more of them.
 * @param {string} key
 * @returns {key is Key}
 */
export function isKey(key) {
  return key in en;
}

/**
 * The name of a language in the language of the page.
 * @param {string} code
 */
export function languageName(code) {
  const name = new Intl.DisplayNames(state.language, { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(state.language) + name.slice(1);
}

/**
 * How long ago a moment was, in words.
 * @param {string} moment
 */
export function ago(moment) {
  const format = new Intl.RelativeTimeFormat(state.language, { numeric: "auto" });
  const seconds = (new Date(moment).getTime() - Date.now()) / 1000;
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return t("just-now");
}

/**
 * A moment as a date and time.
 * @param {string} moment
 */
export function dateTime(moment) {
  return new Intl.DateTimeFormat(state.language, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(moment),
  );
}
