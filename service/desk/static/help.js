/** The help sheet: what the keys do, and what the marks mean. */

import { SHORTCUTS } from "./keys.js";
import { t } from "./messages.js";
import { html } from "./vendor/lit-html.js";

export function helpView() {
  return html`<dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">${t("help-title")}</h2>
    <table>
      <tbody>
        ${SHORTCUTS.map(({ keys, does }) => html`<tr><th scope="row">${keys.split("+").map((key) => html`<kbd>${KEY_NAMES[key] ?? key}</kbd>`)}</th><td>${t(does)}</td></tr>`)}
      </tbody>
    </table>
    <p>${t("help-marks")}</p>
    <form method="dialog"><button class="main">${t("close")}</button></form>
  </dialog>`;
}

/** @type {Record<string, string>} */
const KEY_NAMES = { ArrowDown: "↓", ArrowUp: "↑" };
