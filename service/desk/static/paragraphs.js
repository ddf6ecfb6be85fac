/** Which sentences stand in one paragraph. */

/** @typedef {import("./types.js").Segment} Segment */

/**
 * @typedef {Object} Paragraph
 * @property {string} kind `title`, `deck`, `heading`, `list item`, … or `paragraph`.
 * @property {Segment[]} segments
 */

/**
 * The sentences in paragraphs as published.
 * @param {Segment[]} segments
 * @param {import("./types.js").Story} story
 * @returns {Paragraph[]}
 */
export function paragraphsOf(segments, story) {
  /** @type {Paragraph[]} */
  const paragraphs = [];
  const texts = textsOf(story);
  // In a text whose lines are wrapped a single line break is no end of a paragraph.
  const isWrapped = segments.some((segment) => /\S\n\S/.test(segment.source));
  const end = isWrapped ? /\n[ \t]*\n/ : /\n/;
  segments.forEach((segment, number) => {
    const before = segments[number - 1];
    const { field, start } = segment.source_span;
    const joined =
      before?.source_span.field === field &&
      !end.test((texts[field] ?? []).slice(before.source_span.end, start).join(""));
    if (joined) paragraphs[paragraphs.length - 1].segments.push(segment);
    else paragraphs.push({ kind: kindOf(field), segments: [segment] });
  });
  return paragraphs;
}

/**
 * The texts of the story by field, in code points.
 * @param {import("./types.js").Story} story
 * @returns {Record<string, string[]>}
 */
function textsOf(story) {
  const fields = story.article ?? { text: story.text };
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, [...(text ?? "")]]));
}

/** @param {string} field */
function kindOf(field) {
  return field === "title" || field === "deck" ? field : "paragraph";
}
