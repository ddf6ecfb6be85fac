/** A sentence in both languages. What is typed belongs to the browser; the page only reads it. */

import { openFlags } from "./flags.js";
import { t } from "./messages.js";
import { may } from "./session.js";
import { change, drawNow, state } from "./state.js";
import { isChanged, isUnsent, segments, shownText, write } from "./version.js";
import { html, nothing } from "./vendor/lit-html.js";

/** @typedef {import("./types.js").Segment} Segment */

/** @param {Segment} segment */
export function sourceView(segment) {
  return html`<span class="sentence ${segment.number === state.active ? "active" : ""}" data-n=${segment.number}
    .textContent=${segment.source} @click=${() => focusSentence(segment.number)}></span>${isChanged(segment)
    ? html`<span class="mark changed" title=${t(`change-${segment.change}`)}><span aria-hidden="true">Δ</span></span>`
    : nothing} `;
}

/**
 * The editable sentence. `placeTexts` puts its text in, so that drawing never moves the cursor.
 * @param {Segment} segment
 */
export function targetView(segment) {
  const { number } = segment;
  if (segment.target === null && !isUnsent(segment)) {
    return html`<span class="sentence waiting" data-n=${number}>${segment.source}</span> `;
  }
  return html`<span class="sentence editable ${segment.state} ${number === state.active ? "active" : ""}"
      data-n=${number} data-edit role="textbox" aria-multiline="true" aria-label=${labelOf(segment)}
      contenteditable=${may("edit") ? "plaintext-only" : "false"} aria-readonly=${String(!may("edit"))} spellcheck="true" tabindex="0"
      @focus=${() => state.active !== number && change({ active: number })}
      @input=${onInput} @blur=${onBlur}></span>${marksView(segment)} `;
}

/** @param {Segment} segment */
function marksView(segment) {
  const flags = openFlags(segment);
  const isError = flags.some((flag) => flag.severity === "error");
  if (flags.length) {
    return html`<span class="mark ${isError ? "error" : "warning"}" aria-hidden="true">${isError ? "!" : "?"}</span>`;
  }
  return segment.state === "approved" ? html`<span class="mark approved" aria-hidden="true">✓</span>` : nothing;
}

/** @param {Segment} segment */
function labelOf(segment) {
  const count = openFlags(segment).length;
  return [
    t("sentence-of", { number: segment.number + 1, total: segments().length }),
    t(`segment-${segment.state}`),
    ...(count ? [t("to-check", { n: count })] : []),
  ].join(", ");
}

/** @param {InputEvent} event */
function onInput(event) {
  const element = /** @type {HTMLElement} */ (event.currentTarget);
  write(Number(element.dataset.n), textOf(element));
}

/** @param {FocusEvent} event */
function onBlur(event) {
  const element = /** @type {HTMLElement} */ (event.currentTarget);
  const segment = segments()[Number(element.dataset.n)];
  // A sentence cannot be empty: the text that was there comes back.
  if (segment && !textOf(element).trim()) write(segment.number, segment.target ?? "");
}

/** @param {HTMLElement} element */
function textOf(element) {
  return (element.textContent ?? "").replace(/\s*\n\s*/g, " ");
}

/** Put the texts of the sentences into their elements, wherever they are others. */
export function placeTexts() {
  for (const element of editables()) {
    const segment = segments()[Number(element.dataset.n)];
    const text = segment ? shownText(segment) : "";
    if (textOf(element) !== text) element.textContent = text;
  }
}

function editables() {
  return /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-edit]"));
}

/**
 * Go to a sentence, with the cursor at its beginning or end.
 * @param {number} number
 * @param {"start" | "end"} [place]
 */
export function focusSentence(number, place = "start") {
  change({ active: number });
  drawNow();
  const element = /** @type {HTMLElement | null} */ (document.querySelector(`[data-edit][data-n="${number}"]`));
  if (!element) return;
  // On a touch screen the focus would bring up the keyboard: there a touch begins the editing.
  if (!matchMedia("(pointer: coarse)").matches) placeCursor(element, place);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

/**
 * What is selected in one of the two texts; empty where nothing is.
 * @param {"source" | "target"} side
 */
export function selectedText(side) {
  const selection = getSelection();
  const element = selection?.anchorNode?.parentElement;
  return element?.closest(`.${side} [data-n]`) ? String(selection).trim() : "";
}

/**
 * @param {HTMLElement} element
 * @param {"start" | "end"} place
 */
function placeCursor(element, place) {
  element.focus({ preventScroll: true });
  const selection = getSelection();
  selection?.selectAllChildren(element);
  if (place === "start") selection?.collapseToStart();
  else selection?.collapseToEnd();
}

/**
 * Light these sentences in both languages, and no others.
 * @param {string[]} numbers
 */
export function light(numbers) {
  for (const element of document.querySelectorAll("[data-lit]")) element.removeAttribute("data-lit");
  for (const number of numbers) {
    for (const element of document.querySelectorAll(`[data-n="${number}"]`)) element.setAttribute("data-lit", "");
  }
}

/**
 * The part of a sentence's translation that is selected, in UTF-16 units; undefined where none is.
 * @param {number} number
 * @returns {[number, number] | undefined}
 */
export function selectedPart(number) {
  const selection = getSelection();
  const element = document.querySelector(`[data-edit][data-n="${number}"]`);
  if (!selection?.rangeCount || selection.isCollapsed || !element?.contains(selection.anchorNode)) return undefined;
  const { startOffset, endOffset } = selection.getRangeAt(0);
  const length = element.textContent?.length ?? 0;
  return endOffset - startOffset < length ? [startOffset, endOffset] : undefined;
}
