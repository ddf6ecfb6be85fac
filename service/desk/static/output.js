/** Taking the version out: copied, or downloaded as a file. */

import { address, call, versionPath } from "./api.js";
import { t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { change, state } from "./state.js";
import { html, nothing } from "./vendor/lit-html.js";

/** @type {[string, import("./messages.js").Key][]} */
const FORMATS = [["txt", "format-txt"], ["html", "format-html"], ["docx", "format-docx"], ["xliff", "format-xliff"]];

export async function copy() {
  const { opened } = state;
  if (!opened) return;
  try {
    await opened.saving.flush();
    const version = await call("GET", versionPath(opened.story.id, opened.target));
    const fields = version.article ?? { text: version.text };
    await navigator.clipboard.writeText(Object.values(fields).filter(Boolean).join("\n\n"));
    say(t("copied"));
  } catch (error) {
    sayProblem(error);
  }
}

/**
 * Where a file of the version is.
 * @param {import("./version.js").Opened} opened
 * @param {string} format Empty for the one in which the story came.
 */
function fileAddress(opened, format) {
  const query = new URLSearchParams({ ...(format ? { format } : {}), label: String(state.label) });
  return address(versionPath(opened.story.id, opened.target, `/file?${query}`));
}

export function outputView() {
  const { opened } = state;
  if (!opened) return nothing;
  const own = opened.story.format;
  return html`<button @click=${copy}>${t("copy")}</button>
    <button popovertarget="downloads" @click=${() => opened.saving.flush()}>${t("download")}</button>
    <div id="downloads" popover>
      ${own ? html`<a href=${fileAddress(opened, "")} download>${t("as-it-came", { format: own.toUpperCase() })}</a>` : nothing}
      ${FORMATS.filter(([format]) => format !== own).map(([format, name]) => html`<a href=${fileAddress(opened, format)} download>${t(name)}</a>`)}
      <label class="check"><input type="checkbox" .checked=${state.label}
        @change=${(/** @type {Event} */ event) => change({ label: /** @type {HTMLInputElement} */ (event.target).checked })}> ${t("with-label")}</label>
    </div>`;
}
