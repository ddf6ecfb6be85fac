/** Which sentences stand in one paragraph. */

/** @typedef {import("./types.js").Segment} Segment */

/**
 * @typedef {Object} Paragraph
 * @property {string} kind `title`, `heading`, `list item`, … or `paragraph`, as the server names it.
 * @property {Segment[]} segments
 */

/**
 * The sentences in paragraphs as published.
 * @param {Segment[]} segments
 * @returns {Paragraph[]}
 */
export function paragraphsOf(segments) {
  /** @type {Paragraph[]} */
  const paragraphs = [];
  segments.forEach((segment, number) => {
    const before = segments[number - 1];
    if (before?.block === segment.block) paragraphs[paragraphs.length - 1].segments.push(segment);
    else paragraphs.push({ kind: segment.kind, segments: [segment] });
  });
  return paragraphs;
}
