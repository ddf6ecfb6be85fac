/** Start the page: its language, its routes, and what is drawn where. */

import { Unreachable, call } from "./api.js";
import { helpView } from "./help.js";
import { onKey } from "./keys.js";
import { listView, loadStories } from "./list.js";
import { placeMarks } from "./marks.js";
import { noticeView, sayProblem } from "./notice.js";
import { currentRoute } from "./routes.js";
import { placeTexts } from "./segment.js";
import { isSignedIn, signInView } from "./session.js";
import { restoreSettings } from "./settings.js";
import { NO_SUMMARY, change, drawWith, state } from "./state.js";
import { storyView, titleOfPage } from "./story.js";
import { closeVersion, openVersion } from "./version.js";
import { html, render } from "./vendor/lit-html.js";

const AGAIN_MS = 3000;
const desk = /** @type {HTMLElement} */ (document.getElementById("desk"));

function mainView() {
  if (state.session.client === null) return signInView();
  return state.route.view === "story" ? storyView() : listView();
}

function draw() {
  document.documentElement.lang = state.language;
  document.title = titleOfPage();
  render(
    html`${mainView()} ${helpView()} ${noticeView()}`,
    desk,
  );
  placeTexts();
  placeMarks();
}

async function start() {
  const isSomebody = await isSignedIn();
  change({ notice: null }); // that the front does not answer
  if (!isSomebody) return;
  follow();
  const [{ pairs }, { models }] = await Promise.all([call("GET", "v1/languages"), call("GET", "v1/models")]);
  change({ pairs, models });
}

/** Start, as soon as the front answers. */
function startWhenReachable() {
  start().catch((error) => {
    if (error instanceof Unreachable) setTimeout(startWhenReachable, AGAIN_MS);
    sayProblem(error);
  });
}

function follow() {
  closeVersion();
  change({ route: currentRoute(), active: null, sheet: false, summary: NO_SUMMARY, record: null, alternatives: null, comparison: null });
  const opening =
    state.route.view === "story" ? openVersion(state.route.id, state.route.target) : loadStories();
  opening.catch(sayProblem);
}

restoreSettings();
drawWith(draw);
addEventListener("keydown", onKey);
addEventListener("hashchange", follow);
startWhenReachable();
