/** A new revision of the story: its text as it is now. Sentences that are the same keep their translations. */

import { call } from "./api.js";
import { openDialog } from "./dialogs.js";
import { t } from "./messages.js";
import { sayProblem } from "./notice.js";
import { signed } from "./settings.js";
import { state } from "./state.js";
import { html } from "./vendor/lit-html.js";

function field() {
  return /** @type {HTMLTextAreaElement} */ (document.getElementById("new-text"));
}

export function askForRevision() {
  field().value = state.opened?.story.text ?? "";
  openDialog("revision");
}

async function send() {
  const { opened } = state;
  if (!opened || !field().value.trim()) return;
  const { story } = opened;
  const json = {
    text: field().value,
    source: story.source,
    title: story.title,
    targets: story.versions.map(({ target }) => target),
    ...signed(),
  };
  try {
    await opened.saving.flush();
    await call("PUT", `v1/stories/${encodeURIComponent(story.id)}`, { json });
  } catch (error) {
    sayProblem(error);
  }
}

export function revisionView() {
  return html`<dialog id="revision" class="wide" aria-labelledby="revision-title">
    <h2 id="revision-title">${t("new-revision")}</h2>
    <p>${t("new-revision-why")}</p>
    <form method="dialog">
      <textarea id="new-text" rows="14" aria-label=${t("new-text")}></textarea>
      <div class="actions"><button class="main" @click=${send}>${t("translate")}</button><button>${t("cancel")}</button></div>
    </form>
  </dialog>`;
}
