/** Cutting a sentence in two: one slider for each language. */

import { openDialog } from "./dialogs.js";
import { t } from "./messages.js";
import { pointsAt } from "./places.js";
import { change, state } from "./state.js";
import { segments, splitAt } from "./version.js";
import { html } from "./vendor/lit-html.js";

/** @typedef {{number: number, source: number, target: number}} Split The cuts, in words. */

/** @param {number} number */
export function askToSplit(number) {
  const segment = segments()[number];
  const cuts = { source: middleOf(segment.source), target: middleOf(segment.target ?? "") };
  change({ split: { number, ...cuts } });
  openDialog("split");
}

/**
 * The places in a text where a word begins, but for the first, in UTF-16 units.
 * @param {string} text
 */
function placesIn(text) {
  return [...text.matchAll(/\s+/g)].map((match) => match.index + match[0].length);
}

/**
 * The cut that is offered: after the semicolon or comma that is nearest to the middle, else in the middle.
 * @param {string} text
 */
function middleOf(text) {
  const places = placesIn(text);
  const distance = (/** @type {number} */ place) => Math.abs(place - text.length / 2);
  const joints = places.filter((place) => /[;:,]\s+$/.test(text.slice(0, place)));
  const [best] = (joints.length ? joints : places).sort((a, b) => distance(a) - distance(b));
  return Math.max(0, placesIn(text).indexOf(best));
}

function confirm() {
  const { number, source, target } = state.split;
  const segment = segments()[number];
  const text = segment.target ?? "";
  splitAt(number, pointsAt(segment.source, placesIn(segment.source)[source]), pointsAt(text, placesIn(text)[target]));
}

export function splitView() {
  const segment = segments()[state.split.number];
  return html`<dialog id="split" aria-labelledby="split-title">
    <h2 id="split-title">${t("split-title")}</h2>
    ${segment ? html`${sideView("source", segment.source)} ${sideView("target", segment.target ?? "")}` : ""}
    <form method="dialog" class="actions">
      <button class="main" @click=${confirm}>${t("split")}</button><button>${t("cancel")}</button>
    </form>
  </dialog>`;
}

/**
 * @param {"source" | "target"} side
 * @param {string} text
 */
function sideView(side, text) {
  const places = placesIn(text);
  const at = places[state.split[side]] ?? text.length;
  return html`<label class="field"><span class="cut">${text.slice(0, at)}<b>┃</b>${text.slice(at)}</span>
    <input type="range" min="0" max=${Math.max(0, places.length - 1)} .value=${String(state.split[side])} aria-label=${t(`cut-${side}`)}
      @input=${(/** @type {Event} */ event) => change({ split: { ...state.split, [side]: Number(/** @type {HTMLInputElement} */ (event.target).value) } })}></label>`;
}
