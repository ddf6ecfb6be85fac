/** What the checks say: of the sentence where the editor is, and of the whole version. */

import { alternativesView, findAlternatives } from "./alternatives.js";
import { otherCard } from "./comparison.js";
import { conflictsView } from "./conflicts.js";
import { withNew } from "./diff.js";
import { KIND_NAMES, issues, openFlags, reasonOf, remedyOf } from "./flags.js";
import { dateTime, t } from "./messages.js";
import { partOf } from "./places.js";
import { focusSentence } from "./segment.js";
import { may } from "./session.js";
import { askToSplit } from "./split.js";
import { change, state } from "./state.js";
import { askForTerm } from "./terms.js";
import { approveClean, dismiss, isChanged, isReady, isUnsent, joinNext, putText, segments, setState, shownText } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/** @typedef {import("./types.js").Segment} Segment */
/** @typedef {import("./types.js").Flag} Flag */

export function checkView() {
  const segment = state.active === null ? undefined : segments()[state.active];
  return html`${conflictsView()} ${segment ? sentenceView(segment) : nothing} ${issuesView()} ${changesView()}`;
}

/** @param {Segment} segment */
function sentenceView(segment) {
  const dismissed = segment.flags.filter((flag) => flag.dismissed);
  return html`<section class="sentence-card" aria-labelledby="sentence">
    <h2 id="sentence">${t("sentence-of", { number: segment.number + 1, total: segments().length })}</h2>
    <p class="origin">${originOf(segment)}</p>
    ${openFlags(segment).map((flag) => flagView(segment.number, flag))}
    ${segment.checked || isUnsent(segment) ? nothing : html`<p class="checking">${t("checking")}</p>`}
    ${dismissed.map((flag) => html`<p class="dismissed"><s>${reasonOf(flag)}</s> <button class="quiet" @click=${() => dismiss(segment.number, flag, false)}>${t("flag-again")}</button></p>`)}
    ${memoryView(segment)} ${previousView(segment)} ${otherCard(segment)} ${actionsView(segment)} ${alternativesView(segment.number)}
  </section>`;
}

/**
 * The buttons keep the cursor where it is: what is selected in the sentence stays selected.
 * @param {Segment} segment
 */
function actionsView(segment) {
  const { number, machine } = segment;
  const isApproved = segment.state === "approved";
  const next = segments()[number + 1];
  return html`<div class="actions" @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}>
    <button class=${isApproved ? "" : "main"} ?disabled=${!isReady() || !may("approve")} @click=${() => setState(number, isApproved ? "draft" : "approved")}>
      ${isApproved ? t("reopen") : t("approve")}</button>
    <button @click=${() => findAlternatives(number)}>${t("alternatives")}</button>
    ${machine !== null && machine !== shownText(segment) ? html`<button @click=${() => putText(number, machine)}>${t("restore")}</button>` : nothing}
    ${next?.source_span.field === segment.source_span.field ? html`<button @click=${() => joinNext(number)}>${t("join")}</button>` : nothing}
    <button @click=${() => askToSplit(number)}>${t("split")}</button>
    ${may("translate") ? html`<button @click=${askForTerm}>${t("learn-term")}</button>` : nothing}
  </div>`;
}

/**
 * @param {number} number
 * @param {Flag} flag
 */
function flagView(number, flag) {
  return html`<div class="flag ${flag.severity}">
    <strong>${t(flag.severity)}</strong>
    <button class="quiet" @click=${() => dismiss(number, flag, true)}>${t("dismiss")}</button>
    <p>${reasonOf(flag)} <span class="remedy">${remedyOf(flag)}</span></p>
  </div>`;
}

/** @param {Segment} segment */
function originOf(segment) {
  const who = segment.author && segment.edited_at ? t("by-whom", { author: segment.author, at: dateTime(segment.edited_at) }) : "";
  if (segment.origin === "memory") return `${t("origin-memory")} ${who}`;
  if (segment.origin === "edited") return `${t("origin-edited")} ${who}`;
  return t("origin-machine", { model: segment.models.join(", ") || t("no-model") });
}

/**
 * A similar sentence of the translation memory, which the editor may take.
 * @param {Segment} segment
 */
function memoryView({ number, memory }) {
  if (!memory || memory.used) return nothing;
  return html`<div class="suggestion">
    <h3>${t("similar", { percent: Math.round(memory.score * 100) })}</h3>
    <p lang=${state.opened?.story.source ?? ""}>${memory.source}</p>
    <p lang=${state.opened?.target ?? ""}>${memory.target}</p>
    <button @click=${() => putText(number, memory.target)}>${t("use-this")}</button>
  </div>`;
}

/**
 * What the sentence was in the revision before.
 * @param {Segment} segment
 */
function previousView(segment) {
  const { change: what, previous, source } = segment;
  if (!isChanged(segment)) return nothing;
  return html`<div class="suggestion">
    <h3>${t(`change-${what}`)}</h3>
    ${previous ? html`<p>${withNew(source, previous.source)}</p><p>${previous.target ?? ""}</p>` : nothing}
  </div>`;
}

function issuesView() {
  const found = issues();
  const drafts = segments().filter((one) => one.state !== "approved" && one.checked && !openFlags(one).length).length;
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
    <div class="actions"><button ?disabled=${!drafts || !isReady() || !may("approve")} @click=${approveClean}>${t("approve-clean", { n: drafts })}</button></div>
  </section>`;
}

/** What has changed since the revision before. */
function changesView() {
  const changed = segments().filter(isChanged);
  if (!changed.length) return nothing;
  return html`<section class="issues" aria-labelledby="changes">
    <h2 id="changes">${t("changed-title", { n: changed.length })}</h2>
    <ol>${changed.map((segment) => html`<li><button class="issue" @click=${() => focusSentence(segment.number)}>
      <span class="excerpt">${segment.source}</span><span>${t(`change-${segment.change}`)}</span></button></li>`)}</ol>
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
