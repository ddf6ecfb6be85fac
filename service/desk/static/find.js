/** Find in both languages, and replace in the translation. */

import { t } from "./messages.js";
import { focusSentence } from "./segment.js";
import { change, state } from "./state.js";
import { replaceAll, segments, shownText } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Search
 * @property {string} find
 * @property {string} replace
 * @property {boolean} match_case
 * @property {boolean} whole_words
 */

/** @param {Partial<Search>} patch */
function set(patch) {
  change({ search: { ...state.search, ...patch } });
}

/**
 * The places of what is searched for, in UTF-16 units.
 * @param {string} text
 * @returns {[number, number][]}
 */
export function foundIn(text) {
  const { find, match_case, whole_words } = state.search;
  if (state.tab !== "find" || !find) return [];
  const escaped = find.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const edges = whole_words ? ["(?<![\\p{L}\\p{N}_])", "(?![\\p{L}\\p{N}_])"] : ["", ""];
  const pattern = new RegExp(edges[0] + escaped + edges[1], match_case ? "gu" : "giu");
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

export function findView() {
  const { search } = state;
  const found = segments()
    .map((segment) => ({
      segment,
      source: foundIn(segment.source).length,
      target: foundIn(shownText(segment)).length,
    }))
    .filter(({ source, target }) => source || target);
  const inTarget = found.reduce((sum, { target }) => sum + target, 0);
  return html`<section class="find" aria-labelledby="find-title">
    <h2 id="find-title">${t("find-title")}</h2>
    ${textField("find", t("find"))} ${textField("replace", t("replace-with"))}
    ${checkField("match_case", t("match-case"))} ${checkField("whole_words", t("whole-words"))}
    <div class="actions">
      <button class="main" ?disabled=${!inTarget} @click=${() => replaceAll(search)}>${t("replace-n", { n: inTarget })}</button>
    </div>
    ${search.find && !found.length ? html`<p class="none">${t("not-found")}</p>` : nothing}
    <ol>${found.map(({ segment, source, target }) => html`<li><button class="issue" @click=${() => focusSentence(segment.number)}>
      <span class="excerpt">${segment.target ?? segment.source}</span>
      <span>${t("found-in", { source, target })}</span></button></li>`)}</ol>
  </section>`;
}

/**
 * @param {"find" | "replace"} name
 * @param {string} label
 */
function textField(name, label) {
  return html`<label class="field">${label}
    <input id=${name} autocomplete="off" .value=${state.search[name]}
      @input=${(/** @type {Event} */ event) => set({ [name]: /** @type {HTMLInputElement} */ (event.target).value })}></label>`;
}

/**
 * @param {"match_case" | "whole_words"} name
 * @param {string} label
 */
function checkField(name, label) {
  return html`<label class="check"><input type="checkbox" .checked=${state.search[name]}
    @change=${(/** @type {Event} */ event) => set({ [name]: /** @type {HTMLInputElement} */ (event.target).checked })}> ${label}</label>`;
}
