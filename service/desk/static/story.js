/** The two versions side by side, under a bar that says how far they are. */

import { comparisonField, isComparing, otherView } from "./comparison.js";
import { deletingView } from "./deleting.js";
import { countOpen } from "./flags.js";
import { focusNextIssue } from "./keys.js";
import { languageName, t } from "./messages.js";
import { outputView } from "./output.js";
import { panelView } from "./panel.js";
import { paragraphsOf } from "./paragraphs.js";
import { revisionView, sendRevision } from "./revision.js";
import { STORIES } from "./routes.js";
import { light, sourceView, targetView } from "./segment.js";
import { may } from "./session.js";
import { splitView } from "./split.js";
import { state } from "./state.js";
import { termView } from "./terms.js";
import { toolsView } from "./tools.js";
import { isReady, segments, undoLast } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

export function titleOfPage() {
  const { opened } = state;
  if (!opened) return "Dragoman";
  const count = countOpen();
  return `${count ? `(${count}) ` : ""}${opened.story.title} – Dragoman`;
}

export function storyView() {
  const { opened } = state;
  const version = opened?.version;
  if (!opened || !version) return html`<main class="opening" aria-busy="true"><h1 class="unseen">${t("opening")}</h1></main>`;
  const count = countOpen();
  return html`
    <a class="skip" href="#text" @click=${skipToText}>${t("skip-to-text")}</a>
    <header class="bar story-bar">
      <a class="back" href=${STORIES} aria-label=${t("all-stories")}>‹</a>
      <h1>${opened.story.title}</h1>
      <span class="saving" role="status">${savingWord()}</span>
      <button class=${count ? "main" : ""} ?disabled=${!count} @click=${() => focusNextIssue(1)}>
        ${count ? t("to-check", { n: count }) : isReady() ? t("nothing-to-check") : t("state-translating")}
      </button>
      <button @click=${undoLast}>${t("undo")}</button>
      ${outputView()} ${toolsView()}
    </header>
    <main class="desk" id="text">
      <div class="page ${isComparing() ? "comparing" : ""}" aria-busy=${version.state === "translating"} @pointerover=${onHover} @pointerleave=${() => light([])}>
        <div class="row head">
          <h2>${languageName(opened.story.source)}</h2>
          <h2>${languageName(version.target)} <small>${stateWord(version)}</small></h2>
          <div class="compare">${comparisonField()}</div>
        </div>
        ${paragraphsOf(segments()).map((paragraph) => paragraphView(paragraph, opened.story.source, version.target))}
        ${failureView(version)}
      </div>
      ${panelView()}
    </main>
    ${splitView()} ${termView()} ${revisionView()} ${deletingView()}`;
}

/** @param {Event} event */
function skipToText(event) {
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector("[data-edit]"))?.focus();
}

/** @param {Event} event */
function onHover(event) {
  const element = /** @type {HTMLElement} */ (event.target).closest("[data-n]");
  light(element instanceof HTMLElement && element.dataset.n ? [element.dataset.n] : []);
}

/** @param {import("./types.js").Followed} version */
function stateWord(version) {
  if (version.state === "translating") {
    const done = version.segments.filter((segment) => segment.target !== null).length;
    return t("translating-progress", { done, total: version.counts.segments });
  }
  const { approved, segments: total } = version.counts;
  return approved === total ? t("state-approved") : t("approved-of", { approved, total });
}

/** What has become of the corrections; nothing where there are none. */
function savingWord() {
  const { opened } = state;
  const waiting = opened?.saving.unsent.texts.size ?? 0;
  if (opened?.saving.isHeldUp) return t("kept-here", { n: waiting });
  if (waiting) return t("saving");
  if (!opened?.connected) return t("reconnecting");
  return opened.version?.counts.edited ? t("saved") : "";
}

/**
 * @param {import("./paragraphs.js").Paragraph} paragraph
 * @param {string} source
 * @param {string} target
 */
function paragraphView(paragraph, source, target) {
  const { kind } = paragraph;
  const original = paragraph.segments.map(sourceView);
  const translation = paragraph.segments.map(targetView);
  const other = isComparing() ? html`<p class="other" lang=${target}>${paragraph.segments.map(otherView)}</p>` : nothing;
  const name = kind.replaceAll(" ", "-");
  if (kind === "title" || kind === "heading") {
    return html`<div class="row ${name}">
      <h3 class="source" lang=${source}>${original}</h3>
      <h3 class="target" lang=${target}>${translation}</h3>
      ${other}
    </div>`;
  }
  return html`<div class="row ${name}">
    <p class="source" lang=${source}>${original}</p>
    <p class="target" lang=${target}>${translation}</p>
    ${other}
  </div>`;
}

/** @param {import("./types.js").Followed} version */
function failureView(version) {
  if (version.state !== "failed") return nothing;
  const { text, article } = state.opened?.story ?? {};
  const content = text ? { text } : article ? { article } : null;
  return html`<div class="failure" role="alert">
    <p>${t("failed")} ${version.error?.detail ?? ""}</p>
    ${content && may("edit") ? html`<button @click=${() => sendRevision(content)}>${t("try-again")}</button>` : nothing}
  </div>`;
}
