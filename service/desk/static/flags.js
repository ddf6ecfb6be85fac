/** What is to be checked in a version, and in which order. */

import { isKey, t } from "./messages.js";
import { state } from "./state.js";
import { isUnsent, segments } from "./version.js";

/** @typedef {import("./types.js").Segment} Segment */
/** @typedef {import("./types.js").Flag} Flag */
/** @typedef {"numbers" | "names" | "missing" | "words" | "terms"} Kind */

/** @type {Record<Kind, RegExp>} */
const KINDS = {
  numbers: /^(number|date|cue)-/,
  names: /^(name|country|url)-/,
  missing: /^(sentence-omitted|truncated|negation-|quote-|sign-lost|markup-)/,
  terms: /^term-/,
  words: /./,
};

/** @type {Kind[]} */
export const KIND_NAMES = /** @type {Kind[]} */ (Object.keys(KINDS));

/** @param {Flag} flag */
export function kindOf(flag) {
  return KIND_NAMES.find((kind) => KINDS[kind].test(flag.code)) ?? "words";
}

/**
 * The flags of a sentence that an editor has to look at: those of its text as it is that nobody dismissed,
 * unless it is approved.
 * @param {Segment} segment
 * @returns {Flag[]}
 */
export function openFlags(segment) {
  return segment.state === "approved" || isUnsent(segment)
    ? []
    : segment.flags.filter((flag) => !flag.dismissed);
}

/** Every open flag with its sentence, in reading order, of the kind that is listed. */
export function issues() {
  return segments().flatMap((segment) =>
    openFlags(segment)
      .filter((flag) => !state.kind || kindOf(flag) === state.kind)
      .map((flag) => ({ segment, flag })),
  );
}

/** How many flags are open, of all kinds. */
export function countOpen() {
  return segments().reduce((sum, segment) => sum + openFlags(segment).length, 0);
}

/**
 * The next sentence to check after the one where the editor is, around the end; null if there is none.
 * @param {1 | -1} direction
 */
export function nextIssue(direction) {
  const numbers = [...new Set(issues().map(({ segment }) => segment.number))];
  if (direction < 0) numbers.reverse();
  const here = state.active ?? (direction > 0 ? -1 : Infinity);
  return numbers.find((number) => (number - here) * direction > 0) ?? numbers[0] ?? null;
}

/**
 * The reason of a flag in the language of the page. The server's is English and more precise.
 * @param {Flag} flag
 */
export function reasonOf(flag) {
  const key = `flag-${flag.code}`;
  return state.language !== "en" && isKey(key) ? t(key) : flag.message;
}

/** @param {Flag} flag */
export function remedyOf(flag) {
  const key = `remedy-${flag.code}`;
  return isKey(key) ? t(key) : t("remedy");
}
