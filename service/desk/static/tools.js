/** The tools at the right end of every bar: language, colours, name, help. */

import { openDialog } from "./dialogs.js";
import { t } from "./messages.js";
import { signOut } from "./session.js";
import { isDark, setAuthor, setLanguage, toggleTheme } from "./settings.js";
import { state } from "./state.js";
import { html, nothing } from "./vendor/lit-html.js";

export function toolsView() {
  const other = state.language === "en" ? "es" : "en";
  return html`<div class="tools">
    <label class="author"><span class="unseen">${t("your-name")}</span>
      <input placeholder=${t("your-name")} maxlength="100" autocomplete="name" .value=${state.author}
        @change=${(/** @type {Event} */ event) => setAuthor(/** @type {HTMLInputElement} */ (event.target).value.trim())}>
    </label>
    <button class="quiet" lang=${other} @click=${() => setLanguage(other)}>${other === "es" ? "Español" : "English"}</button>
    <button class="quiet" @click=${toggleTheme}>${isDark() ? t("light") : t("dark")}</button>
    <button class="quiet" @click=${() => openDialog("help")}>${t("help")}</button>
    ${state.session.keys_required ? html`<button class="quiet" title=${state.session.client} @click=${signOut}>${t("sign-out")}</button>` : nothing}
  </div>`;
}
