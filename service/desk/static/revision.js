/** A new revision of the story: its text as it is now, or a file. Sentences that are the same keep their translations. */

import { call } from "./api.js";
import { openDialog } from "./dialogs.js";
import { ENDINGS, contentOf } from "./files.js";
import { t } from "./messages.js";
import { sayProblem } from "./notice.js";
import { signed } from "./settings.js";
import { change, state } from "./state.js";
import { segments } from "./version.js";
import { html } from "./vendor/lit-html.js";

/** @typedef {{text: string, file: {name: string, content: object} | null}} NewRevision A file stands in the place of the text. */

/** @param {string} [text] What it begins with; the story's own text if not given. */
export function askForRevision(text) {
  useText(text);
  openDialog("revision");
}

/** @param {string} [text] */
function useText(text = state.opened?.story.text ?? "") {
  change({ revision: { text, file: null } });
}

/** @param {File | undefined} file */
async function takeFile(file) {
  if (!file) return;
  const content = await contentOf(file);
  if ("text" in content) change({ revision: { text: content.text, file: null } });
  else change({ revision: { text: "", file: { name: file.name, content } } });
}

async function send() {
  const { text, file } = state.revision;
  if (file || text.trim()) await sendRevision(file ? file.content : { text });
}

/**
 * Send the story anew, as it was sent before but for its content.
 * @param {object} content
 */
export async function sendRevision(content) {
  const { opened } = state;
  if (!opened) return;
  const { id, source, title, model, glossaries, versions } = opened.story;
  // A title that was taken from the first sentence is taken from the new one.
  const isOwn = !segments()[0]?.source.startsWith(title);
  const targets = versions.map(({ target }) => target);
  try {
    await opened.saving.flush();
    await call("PUT", `v1/stories/${encodeURIComponent(id)}`, {
      json: { ...content, source, ...(isOwn ? { title } : {}), model, glossaries, targets, ...signed() },
    });
  } catch (error) {
    sayProblem(error);
  }
}

export function revisionView() {
  const { text, file } = state.revision;
  return html`<dialog id="revision" class="wide" aria-labelledby="revision-title">
    <h2 id="revision-title">${t("new-revision")}</h2>
    <p>${t("new-revision-why")}</p>
    <form method="dialog">
      ${file
        ? html`<p class="held"><span>${file.name}</span><button type="button" class="quiet" @click=${() => useText()}>${t("remove")}</button></p>`
        : html`<textarea rows="14" aria-label=${t("new-text")} .value=${text}
            @input=${(/** @type {Event} */ event) => change({ revision: { text: /** @type {HTMLTextAreaElement} */ (event.target).value, file: null } })}></textarea>`}
      <div class="actions">
        <button class="main" ?disabled=${!file && !text.trim()} @click=${send}>${t("translate")}</button><button>${t("cancel")}</button>
        <label class="button file">${t("choose-file")}
          <input type="file" class="unseen" accept=${ENDINGS}
            @change=${(/** @type {Event} */ event) => takeFile(/** @type {HTMLInputElement} */ (event.target).files?.[0]).catch(sayProblem)}>
        </label>
      </div>
    </form>
  </dialog>`;
}
