/** Where a story begins: a text that is pasted, a file that is dropped, or an example. */

import { Problem, call } from "./api.js";
import { EXAMPLES } from "./examples.js";
import { ENDINGS, contentOf } from "./files.js";
import { languageName, t } from "./messages.js";
import { modelField, modelsFor } from "./models.js";
import { sayProblem } from "./notice.js";
import { storyAddress } from "./routes.js";
import { signed } from "./settings.js";
import { change, state } from "./state.js";
import { ownGlossaries } from "./terms.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Intake
 * @property {string} text
 * @property {string} source The language of the text; empty where it is to be detected.
 * @property {string} detected What it was detected to be; empty where it is not known.
 * @property {string} target
 * @property {string} model Empty for the first of the pair.
 * @property {{name: string, content: object} | null} file A file in the place of the text.
 * @property {boolean} sending
 * @property {boolean} over Whether a file is held over the page.
 */

const DETECTING_MS = 300;
const ENOUGH_TO_DETECT = 40;
const ADDRESS = /^\s*https?:\/\/\S+\s*$/;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {Partial<Intake>} patch */
function set(patch) {
  change({ intake: { ...state.intake, ...patch } });
}

/** @param {string} text */
function take(text) {
  set({ text, file: null, detected: "" });
  clearTimeout(timer);
  if (text.length >= ENOUGH_TO_DETECT) timer = setTimeout(() => detect(text).catch(sayProblem), DETECTING_MS);
}

/** @param {string} text */
async function detect(text) {
  const { language } = await call("POST", "v1/detections", { json: { text } });
  if (state.intake.text !== text) return;
  const targets = targetsFrom(language);
  const target = targets.includes(state.intake.target) ? state.intake.target : targets[0];
  set({ detected: language ?? "", ...(target ? { target } : {}) });
}

/** @param {string | null} source */
function targetsFrom(source) {
  const pairs = state.pairs.filter((pair) => !source || pair.source === source);
  return [...new Set(pairs.map((pair) => pair.target))];
}

/** What is sent of the story: the file, the page of an address, or the text. */
function contentOfIntake() {
  const { file, text } = state.intake;
  if (file) return file.content;
  return ADDRESS.test(text) ? { url: text.trim() } : { text };
}

async function start() {
  const { text, source, detected, target, model, file, sending } = state.intake;
  if ((!file && !text.trim()) || sending) return;
  set({ sending: true });
  try {
    const story = await call("PUT", `v1/stories/${newId(file?.name ?? text)}`, {
      json: {
        ...contentOfIntake(),
        targets: [target],
        glossaries: await ownGlossaries(),
        ...(source ? { source } : {}),
        ...(modelsFor(source || detected, target).includes(model) ? { model } : {}),
        ...signed(),
      },
    });
    set({ text: "", file: null, source: "", detected: "" });
    location.hash = storyAddress(story.id, story.versions[0].target);
  } catch (error) {
    sayProblem(error);
    // Whoever is asked for the language finds the field under the cursor.
    if (error instanceof Problem && error.code === "undetermined-language") document.getElementById("source")?.focus();
  } finally {
    set({ sending: false });
  }
}

/**
 * An id that a person can read: the day, the first words, and something that no other story has.
 * @param {string} text
 */
function newId(text) {
  const words = text.normalize("NFD").toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
  const unique = crypto.getRandomValues(new Uint32Array(1))[0].toString(36).slice(0, 4);
  return [new Date().toISOString().slice(0, 10), ...words.slice(0, 5), unique].join("-");
}

/** @param {File | undefined} file */
async function takeFile(file) {
  if (!file) return;
  const content = await contentOf(file);
  if ("text" in content) take(content.text);
  else set({ text: "", detected: "", file: { name: file.name, content } });
}

/** @param {DragEvent} event */
function drop(event) {
  event.preventDefault();
  set({ over: false });
  takeFile(event.dataTransfer?.files[0]).catch(sayProblem);
}

/** @param {boolean} isEmpty Whether there is no story yet. */
export function intakeView(isEmpty) {
  const { text, file, source, detected, target, model, sending, over } = state.intake;
  const sources = [...new Set(state.pairs.map((pair) => pair.source))];
  return html`<section class="intake ${over ? "over" : ""}" aria-labelledby="new"
      @dragover=${(/** @type {DragEvent} */ event) => { event.preventDefault(); if (!over) set({ over: true }); }}
      @dragleave=${() => set({ over: false })} @drop=${drop}>
    <h2 id="new">${isEmpty ? t("welcome") : t("new-story")}</h2>
    <textarea id="text" aria-label=${t("text")} placeholder=${t("paste-or-drop")} rows=${isEmpty || text ? 9 : 3}
      .value=${text} @input=${(/** @type {Event} */ event) => take(/** @type {HTMLTextAreaElement} */ (event.target).value)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) start(); }}></textarea>
    ${file ? html`<p class="held"><span>${file.name}</span><button class="quiet" @click=${() => set({ file: null })}>${t("remove")}</button></p>` : nothing}
    <div class="intake-foot">
      <label>${t("from")}
        <select id="source" @change=${(/** @type {Event} */ event) => set({ source: /** @type {HTMLSelectElement} */ (event.target).value })}>
          <option value="">${detected ? t("detected", { language: languageName(detected) }) : t("detect")}</option>
          ${sources.map((code) => html`<option value=${code} ?selected=${code === source}>${languageName(code)}</option>`)}
        </select>
      </label>
      <label>${t("into")}
        <select @change=${(/** @type {Event} */ event) => set({ target: /** @type {HTMLSelectElement} */ (event.target).value })}>
          ${targetsFrom(source || detected || null).map(
            (code) => html`<option value=${code} ?selected=${code === target}>${languageName(code)}</option>`,
          )}
        </select>
      </label>
      ${modelField({
        label: t("model"), models: modelsFor(source || detected, target), chosen: model, none: t("default-model"),
        choose: (id) => set({ model: id }),
      })}
      <label class="button file">${t("choose-file")}
        <input type="file" class="unseen" accept=${ENDINGS}
          @change=${(/** @type {Event} */ event) => takeFile(/** @type {HTMLInputElement} */ (event.target).files?.[0]).catch(sayProblem)}>
      </label>
      <button class="main" ?disabled=${(!text.trim() && !file) || sending} @click=${start}>${sending ? t("sending") : t("translate")}</button>
    </div>
    ${isEmpty
      ? html`<p class="examples-word">${t("or-try")}</p>
          <ul class="examples">${EXAMPLES.map((example) => html`<li><button @click=${() => take(example.text)}>
            <span lang=${example.language}>${example.text.split("\n")[0]}</span><small>${languageName(example.language)}</small></button></li>`)}</ul>`
      : nothing}
  </section>`;
}
