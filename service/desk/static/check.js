/** What the checks say: of the sentence where the editor is, and of the whole version. */

import { KIND_NAMES, issues, openFlags, reasonOf, remedyOf } from "./flags.js";
import { dateTime, t } from "./messages.js";
import { partOf } from "./places.js";
import { focusSentence } from "./segment.js";
import { change, state } from "./state.js";
import { html, nothing } from "./vendor/lit-html.js";
import { isUnsent, joinNext, segments, setState } from "./version.js";

/** @typedef {import("./types.js").Segment} Segment */
/** @typedef {import("./types.js").Flag} Flag */

export function checkView() {
  const segment = state.active === null ? undefined : segments()[state.active];
  return html`${conflictsView()} ${segment ? sentenceView(segment) : nothing} ${issuesView()}`;
}

/** @param {Segment} segment */
function sentenceView(segment) {
  const { number } = segment;
  const isApproved = segment.state === "approved";
  return html`<section class="sentence-card" aria-labelledby="sentence">
    <h2 id="sentence">${t("sentence-of", { number: number + 1, total: segments().length })}</h2>
    <p class="origin">${originOf(segment)}</p>
    ${openFlags(segment).map(flagView)}
    ${segment.checked || isUnsent(segment) ? nothing : html`<p class="checking">${t("checking")}</p>`}
    <div class="actions">
      <button class=${isApproved ? "" : "main"} @click=${() => setState(number, isApproved ? "draft" : "approved")}>
        ${isApproved ? t("reopen") : t("approve")}</button>
      ${segments()[number + 1] ? html`<button @click=${() => joinNext(number)}>${t("join")}</button>` : nothing}
    </div>
  </section>`;
}

/** @param {Flag} flag */
function flagView(flag) {
  return html`<div class="flag ${flag.severity}">
    <strong>${t(flag.severity)}</strong>
    <p>${reasonOf(flag)}</p>
    <p class="remedy">${remedyOf(flag)}</p>
  </div>`;
}

/** @param {Segment} segment */
function originOf(segment) {
  const who = segment.author && segment.edited_at ? t("by-whom", { author: segment.author, at: dateTime(segment.edited_at) }) : "";
  if (segment.origin === "memory") return `${t("origin-memory")} ${who}`;
  if (segment.origin === "edited") return `${t("origin-edited")} ${who}`;
  return t("origin-machine", { model: segment.models.join(", ") || t("no-model") });
}

function issuesView() {
  const found = issues();
  return html`<section class="issues" aria-labelledby="issues">
    <h2 id="issues">${t("to-check-title")}</h2>
    <div class="kinds" role="group" aria-label=${t("kinds")}>
      ${[null, ...KIND_NAMES].map((kind) => html`<button aria-pressed=${state.kind === kind} @click=${() => change({ kind })}>${t(`kind-${kind ?? "all"}`)}</button>`)}
    </div>
    ${found.length ? nothing : html`<p class="none">${t("nothing-to-check")}</p>`}
    <ol>
      ${found.map(({ segment, flag }) => html`<li><button class="issue ${flag.severity}" @click=${() => focusSentence(segment.number)}>
        <span class="where">${excerpt(segment, flag)}</span><span>${reasonOf(flag)}</span></button></li>`)}
    </ol>
  </section>`;
}

/**
 * The words that a flag is about, or the beginning of its sentence.
 * @param {Segment} segment
 * @param {Flag} flag
 */
function excerpt(segment, flag) {
  const target = segment.target ?? "";
  const part = partOf(target, segment.target_span, flag.target_span);
  if (part) return target.slice(...part);
  const original = partOf(segment.source, segment.source_span, flag.source_span);
  return original ? segment.source.slice(...original) : `${target.slice(0, 40)}…`;
}

function conflictsView() {
  const { opened } = state;
  return opened?.saving.conflicts.map(
    ([number, unsent]) => html`<section class="conflict" role="alert" aria-label=${t("conflict")}>
      <h2>${t("conflict")}</h2>
      <p>${t("conflict-why", { author: unsent.theirs?.author ?? t("someone"), number: number + 1 })}</p>
      <div class="versions">
        <div><h3>${t("yours")}</h3><p>${unsent.text}</p><button class="main" @click=${() => opened.saving.keepMine(number)}>${t("keep-mine")}</button></div>
        <div><h3>${t("theirs")}</h3><p>${unsent.theirs?.target}</p><button @click=${() => opened.saving.takeTheirs(number)}>${t("take-theirs")}</button></div>
      </div>
    </section>`,
  );
}
