/** A line at the foot of the page that says what has happened. */

import { Problem, Unreachable } from "./api.js";
import { isKey, t } from "./messages.js";
import { change, state } from "./state.js";
import { html, nothing } from "./vendor/lit-html.js";

const SECONDS = 6;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Say something for some seconds; an error until something else is said.
 * @param {string} text
 * @param {boolean} [error]
 */
export function say(text, error = false) {
  clearTimeout(timer);
  change({ notice: { text, error } });
  if (!error) timer = setTimeout(() => change({ notice: null }), SECONDS * 1000);
}

/**
 * Say why something failed. Whatever is not the network's or the server's fault is thrown again.
 * @param {unknown} error
 */
export function sayProblem(error) {
  if (error instanceof Problem && error.status === 401) {
    change({ session: { ...state.session, client: null } });
    say(t("signed-out"), true);
  } else if (error instanceof Unreachable) say(t("unreachable"), true);
  else if (error instanceof Problem) say(wordsOf(error), true);
  else throw error;
}

/**
 * A problem in the language of the page; the server's words, which are English, where it has none.
 * @param {Problem} problem
 */
function wordsOf(problem) {
  const key = `problem-${problem.code}`;
  return isKey(key) ? t(key) : problem.message;
}

export function noticeView() {
  const { notice } = state;
  return html`<div class="notice ${notice?.error ? "error" : ""}" role=${notice?.error ? "alert" : "status"} ?hidden=${!notice}>
    <span>${notice?.text ?? nothing}</span>
    <button class="quiet" @click=${() => change({ notice: null })}>${t("close")}</button>
  </div>`;
}
