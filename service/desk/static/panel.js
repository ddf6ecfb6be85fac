/** Beside the text: what there is to check, summaries, find and replace, and the record of the version. */

import { checkView } from "./check.js";
import { findView } from "./find.js";
import { t } from "./messages.js";
import { recordView } from "./record.js";
import { change, state } from "./state.js";
import { summaryView } from "./summary.js";
import { html } from "./vendor/lit-html.js";

/** @typedef {"check" | "summary" | "find" | "record"} Tab */

/** @type {Record<Tab, () => unknown>} */
const TABS = { check: checkView, summary: summaryView, find: findView, record: recordView };

/** @param {Tab} tab */
export function openTab(tab) {
  change({ tab, sheet: true });
}

/**
 * Show a tab, or hide the panel where it lies over the text and the tab is shown already.
 * @param {Tab} tab
 */
function toggle(tab) {
  change({ tab, sheet: !(state.sheet && state.tab === tab) });
}

export function panelView() {
  const tabs = /** @type {Tab[]} */ (Object.keys(TABS));
  return html`<aside class="panel ${state.sheet ? "open" : ""}" aria-label=${t("panel")}>
    <div class="tabs" role="group" aria-label=${t("panel")}>
      ${tabs.map((tab) => html`<button aria-pressed=${tab === state.tab} @click=${() => toggle(tab)}>${t(`tab-${tab}`)}</button>`)}
    </div>
    <div class="tab" tabindex="-1">${TABS[state.tab]()}</div>
  </aside>`;
}
