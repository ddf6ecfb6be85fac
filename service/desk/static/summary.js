/** Summaries of the story: short text, bullets or headlines; each sentence shows what it rests on. */

import { versionPath } from "./api.js";
import { resultOf } from "./jobs.js";
import { languageName, t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { isOverlapping, unitsAt } from "./places.js";
import { askForRevision } from "./revision.js";
import { light } from "./segment.js";
import { may } from "./session.js";
import { change, state } from "./state.js";
import { putText, segments } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/** @typedef {"brief" | "bullets" | "headline"} Style */

/** @typedef {{text: string, sources: import("./types.js").Span[], flags: {message: string}[]}} Sentence */

/**
 * @typedef {Object} Summary
 * @property {Style} style
 * @property {number} sentences How many are wished for.
 * @property {string} language Empty for that of the translation.
 * @property {boolean} working
 * @property {Sentence[]} result
 * @property {string} shortage
 */

const STYLES = /** @type {const} */ (["brief", "bullets", "headline"]);
const LONGEST = 8;
const HEADLINES = 3;

/** @param {Partial<Summary>} patch */
function set(patch) {
  change({ summary: { ...state.summary, ...patch } });
}

/** @param {Partial<Summary>} [patch] */
async function summarize(patch = {}) {
  set({ ...patch, working: true });
  const { opened, summary } = state;
  if (!opened) return;
  try {
    const { sentences, shortage } = await ask(opened, summary, summary.language === opened.story.source ? "source" : "version");
    if (state.opened === opened && state.summary.style === summary.style) set({ result: sentences, shortage: shortage ?? "" });
  } catch (error) {
    sayProblem(error);
  } finally {
    set({ working: false });
  }
}

/**
 * @param {import("./version.js").Opened} opened
 * @param {Summary} summary
 * @param {"source" | "version"} of The source, or its translation as it is now.
 * @returns {Promise<{sentences: Sentence[], shortage?: string}>}
 */
async function ask({ story, target, saving }, { style, sentences }, of) {
  await saving.flush();
  return resultOf(versionPath(story.id, target, "/summaries"), {
    of,
    style,
    length: { sentences },
    headlines: HEADLINES,
  });
}

/**
 * @param {Style} style
 * @param {Sentence[]} sentences
 */
function textOf(style, sentences) {
  const lines = sentences.map(({ text }) => (style === "bullets" ? `- ${text}` : text));
  return lines.join(style === "brief" ? " " : "\n");
}

async function copy() {
  const { style, result } = state.summary;
  await navigator.clipboard.writeText(textOf(style, result));
  say(t("summary-copied"));
}

/** Begin a revision in which the summary, in the language of the source, stands below the headline. */
async function putIntoStory() {
  const { opened, summary } = state;
  if (!opened?.story.text) return;
  const { text, source } = opened.story;
  const { sentences } = summary.language === source ? { sentences: summary.result } : await ask(opened, summary, "source");
  const title = segments().filter(({ kind }) => kind === "title").at(-1);
  const at = title ? unitsAt(text, title.source_span.end) : 0;
  const parts = [text.slice(0, at), textOf(summary.style, sentences), text.slice(at)];
  askForRevision(parts.map((part) => part.trim()).filter(Boolean).join("\n\n"));
}

/**
 * The sentence that is the headline of the translation; undefined where it has none, or one of several sentences.
 */
function headline() {
  const titles = segments().filter(({ kind }) => kind === "title");
  return titles.length === 1 ? titles[0] : undefined;
}

/** @param {string} text */
function useAsHeadline(text) {
  const found = headline();
  // A headline ends without the full stop of the sentence that it was.
  if (found) putText(found.number, text.replace(/(?<!\.)\.$/, ""))?.catch(sayProblem);
  say(t("headline-used"));
}

export function summaryView() {
  const { opened, summary } = state;
  if (!opened) return nothing;
  const languages = [opened.target, opened.story.source];
  const isHeadline = summary.style === "headline" && summary.language !== opened.story.source && headline() && may("edit");
  return html`<section class="summary" aria-labelledby="summary-title" aria-busy=${summary.working}>
    <h2 id="summary-title">${t("tab-summary")}</h2>
    <div class="kinds" role="group" aria-label=${t("style")}>
      ${STYLES.map((style) => html`<button aria-pressed=${style === summary.style} @click=${() => summarize({ style })}>${t(`style-${style}`)}</button>`)}
    </div>
    ${summary.style === "headline" ? nothing : html`<label class="field">${t("length", { n: summary.sentences })}
      <input type="range" min="1" max=${LONGEST} .value=${String(summary.sentences)}
        @input=${(/** @type {Event} */ event) => set({ sentences: Number(/** @type {HTMLInputElement} */ (event.target).value) })}
        @change=${() => summarize()}></label>`}
    <div class="kinds" role="group" aria-label=${t("language")}>
      ${languages.map((code) => html`<button aria-pressed=${code === (summary.language || opened.target)} @click=${() => summarize({ language: code })}>${languageName(code)}</button>`)}
    </div>
    ${summary.result.length || summary.working ? nothing : html`<button class="main" @click=${() => summarize()}>${t("summarize")}</button>`}
    ${summary.working ? html`<p class="checking" role="status">${t("summarizing")}</p>` : nothing}
    <ul class="summary-text ${summary.style}" lang=${summary.language || opened.target}>
      ${summary.result.map((sentence) => html`<li tabindex="0" @pointerenter=${() => lightAll(sentence.sources)} @focus=${() => lightAll(sentence.sources)}
        @pointerleave=${() => light([])} @blur=${() => light([])}>${sentence.text}
        ${sentence.flags.map((flag) => html`<span class="why" lang="en">! ${flag.message}</span>`)}
        ${isHeadline ? html`<button @click=${() => useAsHeadline(sentence.text)}>${t("use-as-headline")}</button>` : nothing}</li>`)}
    </ul>
    ${summary.shortage ? html`<p class="checking">${summary.shortage}</p>` : nothing}
    ${summary.result.length ? html`<div class="actions">
      <button @click=${() => copy().catch(sayProblem)}>${t("copy")}</button>
      ${summary.style !== "headline" && opened.story.text && may("edit")
        ? html`<button @click=${() => putIntoStory().catch(sayProblem)}>${t("put-into-story")}…</button>`
        : nothing}
    </div>` : nothing}
  </section>`;
}

/**
 * Light the sentences that lie in these spans, of the source or of the translation, and show the first.
 * @param {import("./types.js").Span[]} spans
 */
function lightAll(spans) {
  const side = state.summary.language === state.opened?.story.source ? "source_span" : "target_span";
  const numbers = segments()
    .filter((segment) => spans.some((span) => isOverlapping(span, segment[side])))
    .map(({ number }) => String(number));
  light(numbers);
  document.querySelector(`.source [data-n="${numbers[0]}"]`)?.scrollIntoView({ block: "nearest" });
}
