/** Beside the text: what the editor needs to know of the sentence where the cursor is, and what is to check. */

import { checkView } from "./check.js";
import { t } from "./messages.js";
import { state } from "./state.js";
import { html } from "./vendor/lit-html.js";

/** @typedef {"check"} Tab */

/** @type {Record<Tab, () => unknown>} */
const TABS = { check: checkView };

export function panelView() {
  return html`<aside class="panel ${state.sheet ? "open" : ""}" aria-label=${t("panel")}>
    ${TABS[state.tab]()}
  </aside>`;
}
