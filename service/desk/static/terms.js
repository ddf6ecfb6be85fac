/** Teaching the glossary a term. Stories that are sent from the desk use all glossaries. */

import { Problem, call } from "./api.js";
import { openDialog } from "./dialogs.js";
import { t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { selectedText } from "./segment.js";
import { may } from "./session.js";
import { change, state } from "./state.js";
import { html } from "./vendor/lit-html.js";

/** @typedef {{source: string, target: string}} NewTerm */

const MOST_GLOSSARIES = 20;

/** Ask for a term, beginning with what is selected in either text. */
export function askForTerm() {
  change({ term: { source: selectedText("source"), target: selectedText("target") } });
  openDialog("term");
}

async function learn() {
  const { opened, term } = state;
  if (!opened || !term.source.trim() || !term.target.trim()) return;
  const { source } = opened.story;
  const path = `v1/glossaries/desk-${source}-${opened.target}`;
  try {
    const terms = [...(await termsOf(path)).filter((one) => one.source !== term.source.trim()), { source: term.source.trim(), target: term.target.trim() }];
    await call("PUT", `${path}?source=${source}&target=${opened.target}`, { json: terms });
    say(t("term-learnt", { term: term.source }));
  } catch (error) {
    sayProblem(error);
  }
}

/**
 * @param {string} path
 * @returns {Promise<NewTerm[]>}
 */
async function termsOf(path) {
  try {
    return (await call("GET", path)).terms;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
}

/**
 * The names of the editor's glossaries, for a new story. Glossaries belong to translators: who may only edit has none.
 * @returns {Promise<string[]>}
 */
export async function ownGlossaries() {
  if (!may("translate")) return [];
  const { glossaries } = await call("GET", "v1/glossaries");
  return glossaries.slice(0, MOST_GLOSSARIES).map((/** @type {{name: string}} */ one) => one.name);
}

export function termView() {
  return html`<dialog id="term" aria-labelledby="term-title">
    <h2 id="term-title">${t("term-title")}</h2>
    <p>${t("term-why")}</p>
    <form method="dialog">
      ${field("source", t("term-source"))} ${field("target", t("term-target"))}
      <div class="actions"><button class="main" @click=${learn}>${t("learn")}</button><button>${t("cancel")}</button></div>
    </form>
  </dialog>`;
}

/**
 * @param {keyof NewTerm} name
 * @param {string} label
 */
function field(name, label) {
  return html`<label class="field">${label}<input maxlength="200" autocomplete="off" .value=${state.term[name]}
    @input=${(/** @type {Event} */ event) => change({ term: { ...state.term, [name]: /** @type {HTMLInputElement} */ (event.target).value } })}></label>`;
}
