/** Places in texts: the API counts Unicode code points, JavaScript counts UTF-16 units. */

/**
 * The index in UTF-16 units of the place `points` code points into the text.
 * @param {string} text
 * @param {number} points
 */
export function unitsAt(text, points) {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/**
 * The number of code points before the index in UTF-16 units.
 * @param {string} text
 * @param {number} units
 */
export function pointsAt(text, units) {
  return [...text.slice(0, units)].length;
}

/**
 * Whether two spans have characters in common.
 * @param {import("./types.js").Span} one
 * @param {import("./types.js").Span | null} other
 */
export function isOverlapping(one, other) {
  return one.field === other?.field && one.start < other.end && other.start < one.end;
}

/**
 * The part of a sentence that a flag is about, in UTF-16 units; null where it is about the whole.
 * @param {string} text The sentence.
 * @param {import("./types.js").Span | null} sentence Its span.
 * @param {import("./types.js").Span | null} part The flag's span.
 * @returns {[number, number] | null}
 */
export function partOf(text, sentence, part) {
  if (!sentence || !part || part.end <= part.start) return null;
  const start = unitsAt(text, part.start - sentence.start);
  const end = unitsAt(text, part.end - sentence.start);
  return end > start ? [start, end] : null;
}
