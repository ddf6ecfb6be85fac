/** The list of stories, and above it the place where a new one begins. */

import { call } from "./api.js";
import { intakeView } from "./intake.js";
import { ago, languageName, t } from "./messages.js";
import { sayProblem } from "./notice.js";
import { storyAddress } from "./routes.js";
import { change, state } from "./state.js";
import { toolsView } from "./tools.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Listing
 * @property {import("./types.js").StoryPage | null} page
 * @property {string} query
 * @property {string} state The state that is searched for; empty for all.
 * @property {number} number Of the page, from 0.
 */

const STATES = /** @type {const} */ (["translating", "draft", "edited", "approved", "failed"]);
const SIZE = 20;
const TYPING_MS = 200;
const TRANSLATING_MS = 1500;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

export async function loadStories() {
  clearTimeout(timer);
  const { listing } = state;
  const query = new URLSearchParams({ query: listing.query, page: String(listing.number), size: String(SIZE) });
  if (listing.state) query.set("state", listing.state);
  /** @type {import("./types.js").StoryPage} */
  const page = await call("GET", `v1/stories?${query}`);
  if (state.route.view !== "stories") return;
  change({ listing: { ...state.listing, page } });
  const isWaiting = page.stories.some(({ versions }) => versions.some((one) => one.state === "translating"));
  if (isWaiting) loadLater(TRANSLATING_MS);
}

/** @param {number} milliseconds */
function loadLater(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (state.route.view === "stories") loadStories().catch(sayProblem);
  }, milliseconds);
}

/** @param {Partial<Listing>} patch */
function search(patch) {
  change({ listing: { ...state.listing, number: 0, ...patch } });
  loadLater(TYPING_MS);
}

export function listView() {
  const { page, query, number } = state.listing;
  const isEmpty = page?.total === 0 && !query && !state.listing.state;
  return html`
    <header class="bar">
      <h1 class="brand"><img src="icon.svg" alt="" width="26" height="26">Dragoman</h1>
      ${toolsView()}
    </header>
    <main class="stories" aria-busy=${!page}>
      ${page ? intakeView(isEmpty) : nothing}
      <section aria-labelledby="stories" ?hidden=${isEmpty || !page}>
        <div class="stories-head">
          <h2 id="stories">${t("stories")}</h2>
          <input type="search" id="search" aria-label=${t("search-stories")} placeholder=${t("search-stories")}
            .value=${query} @input=${(/** @type {InputEvent} */ event) => search({ query: valueOf(event) })}>
          <select aria-label=${t("state")} @change=${(/** @type {Event} */ event) => search({ state: valueOf(event) })}>
            <option value="">${t("any-state")}</option>
            ${STATES.map((one) => html`<option value=${one} ?selected=${one === state.listing.state}>${t(`state-${one}`)}</option>`)}
          </select>
        </div>
        ${page?.total === 0 ? html`<p class="none">${t("nothing-found")}</p>` : nothing}
        <ul class="story-list">${page?.stories.map(storyRow)}</ul>
        ${page && page.total > SIZE ? pagesView(page.total, number) : nothing}
      </section>
    </main>`;
}

/** @param {import("./types.js").StoryHead} story */
function storyRow(story) {
  return story.versions.map(
    (version) => html`<li>
      <a class="story-row" href=${storyAddress(story.id, version.target)}>
        <span class="story-title">${story.title}</span>
        <span class="story-language">${languageName(version.target)}</span>
        <span class="state ${version.state}">${t(`state-${version.state}`)}</span>
        <span class="story-flags">${version.counts.flags_left ? t("to-check", { n: version.counts.flags_left }) : nothing}</span>
        <time datetime=${version.updated_at}>${ago(version.updated_at)}</time>
      </a>
    </li>`,
  );
}

/**
 * @param {number} total
 * @param {number} number
 */
function pagesView(total, number) {
  const last = Math.ceil(total / SIZE) - 1;
  return html`<nav class="pages" aria-label=${t("pages")}>
    <button ?disabled=${number === 0} @click=${() => search({ number: number - 1 })}>${t("newer")}</button>
    <span>${number + 1} / ${last + 1}</span>
    <button ?disabled=${number === last} @click=${() => search({ number: number + 1 })}>${t("older")}</button>
  </nav>`;
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}
