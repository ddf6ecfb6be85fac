/** Summaries of the story: short text, bullets or headlines; each sentence shows what it rests on. */

import { call } from "./api.js";
import { t, languageName } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { light } from "./segment.js";
import { change, state } from "./state.js";
import { segments } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/** @typedef {"brief" | "bullets" | "headline"} Style */

/**
 * @typedef {Object} Summary
 * @property {Style} style
 * @property {number} sentences How many are wished for.
 * @property {string} language Empty for that of the translation.
 * @property {boolean} working
 * @property {{text: string, sources: import("./types.js").Span[], flags: {message: string}[]}[]} result
 * @property {string} shortage
 */

const STYLES = /** @type {const} */ (["brief", "bullets", "headline"]);
const WAIT_SECONDS = 20;
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
  const { story, target } = opened;
  try {
    const job = await call("POST", "v1/summaries", {
      wait: WAIT_SECONDS,
      json: {
        ...(story.article ? { article: story.article } : { text: story.text }),
        source: story.source,
        target: summary.language || target,
        style: summary.style,
        length: { sentences: summary.style === "headline" ? HEADLINES : summary.sentences },
      },
    });
    if (state.opened !== opened || state.summary.style !== summary.style) return;
    set({ result: job.result?.sentences ?? [], shortage: job.result?.shortage ?? job.error?.detail ?? "" });
  } catch (error) {
    sayProblem(error);
  } finally {
    set({ working: false });
  }
}

function textOf() {
  const { style, result } = state.summary;
  const lines = result.map(({ text }) => (style === "bullets" ? `- ${text}` : text));
  return lines.join(style === "brief" ? " " : "\n");
}

async function copy() {
  await navigator.clipboard.writeText(textOf());
  say(t("summary-copied"));
}

export function summaryView() {
  const { opened, summary } = state;
  if (!opened) return nothing;
  const languages = [opened.target, opened.story.source];
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
        ${sentence.flags.map((flag) => html`<span class="why">! ${flag.message}</span>`)}</li>`)}
    </ul>
    ${summary.shortage ? html`<p class="checking">${summary.shortage}</p>` : nothing}
    ${summary.result.length ? html`<div class="actions"><button @click=${() => copy().catch(sayProblem)}>${t("copy")}</button></div>` : nothing}
  </section>`;
}

/**
 * Light the sentences that lie in these spans of the source, and show the first.
 * @param {import("./types.js").Span[]} spans
 */
function lightAll(spans) {
  const numbers = segments()
    .filter(({ source_span: { field, start, end } }) => spans.some((span) => span.field === field && span.start < end && start < span.end))
    .map(({ number }) => String(number));
  light(numbers);
  document.querySelector(`.source [data-n="${numbers[0]}"]`)?.scrollIntoView({ block: "nearest" });
}
