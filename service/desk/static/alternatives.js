/** Other translations of a sentence, or of the part of it that is selected. */

import { call, versionPath } from "./api.js";
import { withNew } from "./diff.js";
import { t } from "./messages.js";
import { sayProblem } from "./notice.js";
import { pointsAt } from "./places.js";
import { selectedPart } from "./segment.js";
import { change, state } from "./state.js";
import { putText, segments, shownText } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Alternatives
 * @property {number} number Of the sentence.
 * @property {boolean} working
 * @property {{text: string, flags: {message: string}[]}[]} found
 */

const WAIT_SECONDS = 20;

/** @param {number} number */
export async function findAlternatives(number) {
  const { opened } = state;
  if (!opened) return;
  const selected = selectedPart(number);
  change({ alternatives: { number, working: true, found: [] } });
  try {
    await opened.saving.flush();
    const text = shownText(segments()[number]);
    const part = selected?.map((units) => pointsAt(text, units));
    const path = versionPath(opened.story.id, opened.target, `/segments/${number}/alternatives`);
    const job = await call("POST", path, { json: part ? { part } : {}, wait: WAIT_SECONDS });
    if (state.alternatives?.number !== number) return;
    change({ alternatives: { number, working: false, found: job.result?.alternatives ?? [] } });
  } catch (error) {
    change({ alternatives: null });
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
    ${alternatives.working ? html`<p class="checking" role="status">${t("searching")}</p>` : nothing}
    ${!alternatives.working && !alternatives.found.length ? html`<p class="none">${t("no-alternatives")}</p>` : nothing}
    <ul lang=${opened?.target ?? ""}>${alternatives.found.map((one) => html`<li><button @click=${() => choose(one.text)}>
      <span>${withNew(current, one.text)}</span>${one.flags.map((flag) => html`<span class="why" lang="en">? ${flag.message}</span>`)}</button></li>`)}</ul>
  </div>`;
}
