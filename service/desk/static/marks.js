/** Marks inside of sentences, drawn by the browser over the text: the text stays one piece to edit. */

import { foundIn } from "./find.js";
import { openFlags } from "./flags.js";
import { partOf } from "./places.js";
import { segments, shownText } from "./version.js";

/** @typedef {"flag-error" | "flag-warning" | "found"} Name */

/** Mark every open flag, and what is searched for, at its place in both texts. */
export function placeMarks() {
  /** @type {Record<Name, Range[]>} */
  const ranges = { "flag-error": [], "flag-warning": [], found: [] };
  for (const segment of segments()) {
    ranges.found.push(...foundIn(segment.source).flatMap((part) => rangesOf("source", segment.number, part)));
    ranges.found.push(...foundIn(shownText(segment)).flatMap((part) => rangesOf("target", segment.number, part)));
    for (const flag of openFlags(segment)) {
      const found = ranges[`flag-${flag.severity}`];
      found.push(...rangesOf("source", segment.number, partOf(segment.source, segment.source_span, flag.source_span)));
      found.push(...rangesOf("target", segment.number, partOf(segment.target ?? "", segment.target_span, flag.target_span)));
    }
  }
  if (!("highlights" in CSS)) return;
  for (const [name, found] of Object.entries(ranges)) CSS.highlights.set(name, new Highlight(...found));
}

/**
 * @param {"source" | "target"} side
 * @param {number} number
 * @param {[number, number] | null} part
 */
function rangesOf(side, number, part) {
  const text = document.querySelector(`.${side} [data-n="${number}"]`)?.firstChild;
  if (!part || !(text instanceof Text) || part[1] > text.length) return [];
  const range = new Range();
  range.setStart(text, part[0]);
  range.setEnd(text, part[1]);
  return [range];
}
