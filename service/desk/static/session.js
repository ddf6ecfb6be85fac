/** Who uses the desk: signed in with a key where the front requires keys. */

import { Problem, call } from "./api.js";
import { t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { change, state } from "./state.js";
import { html } from "./vendor/lit-html.js";

/**
 * @typedef {Object} Session
 * @property {boolean} keys_required
 * @property {string | null} client Null until somebody signs in.
 * @property {string[]} scopes
 */

const SESSION = "desk/session";

/** Whether there is somebody; asks the front. */
export async function isSignedIn() {
  change({ session: await call("GET", SESSION) });
  return state.session.client !== null;
}

/** @param {"edit" | "approve" | "summarize" | "translate"} scope */
export function may(scope) {
  return !state.session.keys_required || state.session.scopes.includes(scope);
}

export async function signOut() {
  await call("DELETE", SESSION);
  location.reload();
}

/** @param {SubmitEvent} event */
async function signIn(event) {
  event.preventDefault();
  const key = new FormData(/** @type {HTMLFormElement} */ (event.target)).get("key");
  try {
    await call("POST", SESSION, { json: { key } });
    location.reload();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) say(t("key-refused"), true);
    else sayProblem(error);
  }
}

export function signInView() {
  return html`<main class="sign-in">
    <form @submit=${signIn}>
      <h1 class="brand"><img src="icon.svg" alt="" width="26" height="26">Dragoman</h1>
      <label class="field">${t("key")}<input name="key" type="password" autocomplete="current-password" required></label>
      <p>${t("key-whence")}</p>
      <button class="main">${t("sign-in")}</button>
    </form>
  </main>`;
}
