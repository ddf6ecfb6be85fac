/** Start the page: its language, its routes, and what is drawn where. */

import { call } from "./api.js";
import { helpView } from "./help.js";
import { listView, loadStories } from "./list.js";
import { onKey } from "./keys.js";
import { noticeView, sayProblem } from "./notice.js";
import { currentRoute } from "./routes.js";
import { placeTexts } from "./segment.js";
import { closeVersion, openVersion } from "./version.js";
import { placeMarks } from "./marks.js";
import { restoreSettings } from "./settings.js";
import { splitView } from "./split.js";
import { storyView, titleOfPage } from "./story.js";
import { NO_SUMMARY, change, drawWith, state } from "./state.js";
import { html, render } from "./vendor/lit-html.js";

const desk = /** @type {HTMLElement} */ (document.getElementById("desk"));

function draw() {
  document.documentElement.lang = state.language;
  document.title = titleOfPage();
  render(
    html`${state.route.view === "story" ? storyView() : listView()} ${helpView()} ${splitView()} ${noticeView()}`,
    desk,
  );
  placeTexts();
  placeMarks();
}

function follow() {
  closeVersion();
  change({ route: currentRoute(), active: null, sheet: false, summary: NO_SUMMARY, record: null, alternatives: null });
  const opening =
    state.route.view === "story" ? openVersion(state.route.id, state.route.target) : loadStories();
  opening.catch(sayProblem);
}

async function loadPairs() {
  const { pairs } = await call("GET", "v1/languages");
  change({ pairs });
}

restoreSettings();
drawWith(draw);
addEventListener("hashchange", follow);
addEventListener("keydown", onKey);
follow();
loadPairs().catch(sayProblem);
