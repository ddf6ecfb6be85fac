/** Deleting the story, and what its corrections taught the memory if asked. */

import { call } from "./api.js";
import { openDialog } from "./dialogs.js";
import { t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { STORIES } from "./routes.js";
import { state } from "./state.js";
import { html } from "./vendor/lit-html.js";

export function askToDelete() {
  openDialog("delete");
}

/** @param {SubmitEvent} event */
async function answered(event) {
  const { opened } = state;
  if (!opened || /** @type {HTMLButtonElement} */ (event.submitter).value !== "delete") return;
  const memory = new FormData(/** @type {HTMLFormElement} */ (event.target)).has("memory");
  try {
    await call("DELETE", `v1/stories/${encodeURIComponent(opened.story.id)}?memory=${memory}`);
    location.hash = STORIES;
    say(t("deleted", { title: opened.story.title }));
  } catch (error) {
    sayProblem(error);
  }
}

export function deletingView() {
  return html`<dialog id="delete" aria-labelledby="delete-title">
    <h2 id="delete-title">${t("delete-title")}</h2>
    <p>${t("delete-why")}</p>
    <form method="dialog" @submit=${answered}>
      <label class="check"><input type="checkbox" name="memory"> ${t("delete-memory")}</label>
      <div class="actions"><button autofocus>${t("cancel")}</button><button class="danger" value="delete">${t("delete")}</button></div>
    </form>
  </dialog>`;
}
