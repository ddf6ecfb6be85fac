/** The models of this front, for whoever chooses one. */

import { state } from "./state.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Model
 * @property {string} id
 * @property {string} task
 * @property {string[]} source
 * @property {string[]} target
 * @property {boolean} available
 */

/**
 * The ids of the models that translate between two languages.
 * @param {string} source Empty where it is not known yet: those from any language.
 * @param {string} target With or without a region.
 */
export function modelsFor(source, target) {
  return state.models
    .filter((model) => model.task === "translate" && model.available)
    .filter((model) => (!source || model.source.includes(source)) && model.target.includes(target.split("-")[0]))
    .map(({ id }) => id);
}

/**
 * A field with these models; nothing where there is no choice.
 * @param {Object} choice
 * @param {string} choice.label
 * @param {string[]} choice.models
 * @param {string} choice.chosen Empty for none of them.
 * @param {string} choice.none What is shown for none of them.
 * @param {(id: string) => void} choice.choose
 */
export function modelField({ label, models, chosen, none, choose }) {
  if (models.length < 2) return nothing;
  return html`<label class="model-field">${label}
    <select @change=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="" ?selected=${!chosen}>${none}</option>
      ${models.map((id) => html`<option value=${id} ?selected=${id === chosen}>${id}</option>`)}
    </select></label>`;
}
