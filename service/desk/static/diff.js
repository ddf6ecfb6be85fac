/** Which words of a text are new against another one. */

import { html } from "./vendor/lit-html.js";

/**
 * The text in parts, each with whether it is new: by the longest run of words that both have in order.
 * @param {string} before
 * @param {string} after
 * @returns {{text: string, isNew: boolean}[]}
 */
export function differences(before, after) {
  const olds = wordsOf(before);
  const news = wordsOf(after);
  // common[i][j]: how many words the rest of `olds` from i and of `news` from j have in common.
  const common = Array.from({ length: olds.length + 1 }, () => new Array(news.length + 1).fill(0));
  for (let i = olds.length - 1; i >= 0; i -= 1) {
    for (let j = news.length - 1; j >= 0; j -= 1) {
      common[i][j] = olds[i] === news[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const parts = [];
  for (let i = 0, j = 0; j < news.length; ) {
    if (i < olds.length && olds[i] === news[j]) {
      parts.push({ text: news[j], isNew: false });
      i += 1;
      j += 1;
    } else if (i < olds.length && common[i + 1][j] >= common[i][j + 1]) {
      i += 1;
    } else {
      parts.push({ text: news[j], isNew: true });
      j += 1;
    }
  }
  return parts;
}

/**
 * The text, with what is new in it marked.
 * @param {string} before
 * @param {string} after
 */
export function withNew(before, after) {
  return differences(before, after).map(({ text, isNew }) => (isNew && text.trim() ? html`<ins>${text}</ins>` : text));
}

/** @param {string} text */
function wordsOf(text) {
  return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}
