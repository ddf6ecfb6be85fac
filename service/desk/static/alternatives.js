/** Other translations of a sentence, or of the part of it that is selected. */

import { versionPath } from "./api.js";
import { withNew } from "./diff.js";
import { resultOf } from "./jobs.js";
import { t } from "./messages.js";
import { modelField, modelsFor } from "./models.js";
import { sayProblem } from "./notice.js";
import { pointsAt } from "./places.js";
import { selectedPart } from "./segment.js";
import { change, state } from "./state.js";
import { putText, segments, shownText } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Alternatives
 * @property {number} number Of the sentence.
 * @property {string} model By which they are; empty for the first of the pair.
 * @property {boolean} working
 * @property {{text: string, flags: {message: string}[]}[]} found
 */

/**
 * @param {number} number
 * @param {string} [model]
 */
export async function findAlternatives(number, model = "") {
  const { opened } = state;
  if (!opened) return;
  const selected = selectedPart(number);
  const asked = { number, model, working: true, found: [] };
  change({ alternatives: asked });
  try {
    await opened.saving.flush();
    const text = shownText(segments()[number]);
    const part = selected?.map((units) => pointsAt(text, units));
    const path = versionPath(opened.story.id, opened.target, `/segments/${number}/alternatives`);
    const result = await resultOf(path, { ...(part ? { part } : {}), ...(model ? { model } : {}) });
    if (state.alternatives === asked) change({ alternatives: { ...asked, working: false, found: result.alternatives } });
  } catch (error) {
    if (state.alternatives === asked) change({ alternatives: null });
    sayProblem(error);
  }
}

/** @param {string} text */
function choose(text) {
  const { alternatives } = state;
  if (!alternatives) return;
  change({ alternatives: null });
  putText(alternatives.number, text)?.catch(sayProblem);
}

/** @param {number} number */
export function alternativesView(number) {
  const { alternatives, opened } = state;
  if (alternatives?.number !== number) return nothing;
  const current = shownText(segments()[number]);
  return html`<div class="alternatives" aria-busy=${alternatives.working}>
    <h3>${t("alternatives")}</h3>
    ${modelField({
      label: t("model"), models: modelsFor(opened?.story.source ?? "", opened?.target ?? ""), chosen: alternatives.model,
      none: t("default-model"), choose: (id) => findAlternatives(number, id),
    })}
    ${alternatives.working ? html`<p class="checking" role="status">${t("searching")}</p>` : nothing}
    ${!alternatives.working && !alternatives.found.length ? html`<p class="none">${t("no-alternatives")}</p>` : nothing}
    <ul lang=${opened?.target ?? ""}>${alternatives.found.map((one) => html`<li><button @click=${() => choose(one.text)}>
      <span>${withNew(current, one.text)}</span>${one.flags.map((flag) => html`<span class="why" lang="en">? ${flag.message}</span>`)}</button></li>`)}</ul>
  </div>`;
}
