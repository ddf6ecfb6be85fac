/** The story by another model, beside the version: read sentence by sentence, and taken where it is better. */

import { versionPath } from "./api.js";
import { withNew } from "./diff.js";
import { resultOf } from "./jobs.js";
import { t } from "./messages.js";
import { modelField, modelsFor } from "./models.js";
import { sayProblem } from "./notice.js";
import { isOverlapping } from "./places.js";
import { focusSentence } from "./segment.js";
import { may } from "./session.js";
import { change, state } from "./state.js";
import { putText, segments, shownText } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/** @typedef {import("./types.js").Segment} Segment */
/** @typedef {{source_span: import("./types.js").Span, target: string, flags: {message: string}[]}} Other */

/**
 * @typedef {Object} Comparison
 * @property {string} model
 * @property {number} revision Of the story that it translates.
 * @property {Other[] | null} sentences Null until they are translated.
 */

/** @param {string} model Empty to end the comparison. */
async function compare(model) {
  const { opened } = state;
  const revision = opened?.version?.revision;
  if (!opened || !revision || !model) {
    change({ comparison: null });
    return;
  }
  /** @type {Comparison} */
  const asked = { model, revision, sentences: null };
  change({ comparison: asked });
  try {
    const path = versionPath(opened.story.id, opened.target, "/comparisons");
    const result = await resultOf(path, { model });
    if (state.comparison === asked) change({ comparison: { ...asked, sentences: result.segments } });
  } catch (error) {
    if (state.comparison === asked) change({ comparison: null });
    sayProblem(error);
  }
}

/** Whether there is a version of another model beside this one. */
export function isComparing() {
  return state.comparison?.revision === state.opened?.version?.revision && state.comparison !== null;
}

/** The choice of the other model. */
export function comparisonField() {
  const { opened, comparison } = state;
  if (!opened || !may("edit")) return nothing;
  return modelField({
    label: t("compare-with"), models: modelsFor(opened.story.source, opened.target), chosen: comparison?.model ?? "",
    none: t("compare-none"), choose: compare,
  });
}

/**
 * What the other model made of a sentence; of sentences that were joined, all of it.
 * @param {Segment} segment
 */
function othersOf(segment) {
  const found = state.comparison?.sentences ?? [];
  return found.filter((other) => isOverlapping(other.source_span, segment.source_span));
}

/**
 * The sentence by the other model, with the words that are not in the version's.
 * @param {Segment} segment
 */
export function otherView(segment) {
  if (!state.comparison?.sentences) return html`<span class="sentence waiting" data-n=${segment.number}>${segment.source}</span> `;
  const others = othersOf(segment);
  const flags = others.flatMap((other) => other.flags);
  return html`<span class="sentence ${segment.number === state.active ? "active" : ""}" data-n=${segment.number}
    @click=${() => focusSentence(segment.number)}>${withNew(shownText(segment), textOf(others))}</span>${flags.length
    ? html`<span class="mark warning" title=${flags.map(({ message }) => message).join("\n")}>?</span>`
    : nothing} `;
}

/** @param {Other[]} others */
function textOf(others) {
  return others.map(({ target }) => target).join(" ");
}

/**
 * What the other model made of the sentence where the editor is.
 * @param {Segment} segment
 */
export function otherCard(segment) {
  const others = isComparing() ? othersOf(segment) : [];
  const text = textOf(others);
  if (!text || text === shownText(segment)) return nothing;
  return html`<div class="suggestion">
    <h3>${t("of-model", { model: state.comparison?.model ?? "" })}</h3>
    <p lang=${state.opened?.target ?? ""}>${withNew(shownText(segment), text)}</p>
    ${others.flatMap(({ flags }) => flags).map((flag) => html`<span class="why" lang="en">? ${flag.message}</span>`)}
    <button @click=${() => useOther(segment.number)}>${t("use-this")}</button>
  </div>`;
}

/**
 * Take the other model's sentence.
 * @param {number} number
 */
export function useOther(number) {
  const text = isComparing() ? textOf(othersOf(segments()[number])) : "";
  if (text) putText(number, text)?.catch(sayProblem);
}
