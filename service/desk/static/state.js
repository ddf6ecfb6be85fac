/** The one state of the page. Views are functions of it; whoever changes it says so with `change`. */

/**
 * @typedef {Object} State
 * @property {import("./session.js").Session} session
 * @property {import("./routes.js").Route} route
 * @property {"en" | "es"} language Of the page itself.
 * @property {string} author The editor's name, for the review log.
 * @property {import("./types.js").Pair[]} pairs
 * @property {import("./models.js").Model[]} models
 * @property {import("./list.js").Listing} listing
 * @property {import("./intake.js").Intake} intake
 * @property {import("./version.js").Opened | null} opened
 * @property {number | null} active The number of the sentence that the editor is at.
 * @property {import("./panel.js").Tab} tab
 * @property {boolean} sheet Whether the panel is shown where there is no space beside the text.
 * @property {import("./flags.js").Kind | null} kind The kind of flags that are listed; null for all.
 * @property {boolean} label Whether files say that a machine has translated.
 * @property {import("./find.js").Search} search
 * @property {import("./summary.js").Summary} summary
 * @property {import("./record.js").Record | null} record
 * @property {import("./split.js").Split} split
 * @property {import("./terms.js").NewTerm} term
 * @property {import("./alternatives.js").Alternatives | null} alternatives
 * @property {import("./comparison.js").Comparison | null} comparison The version of another model.
 * @property {import("./revision.js").NewRevision} revision
 * @property {{text: string, error: boolean} | null} notice
 */

/** @type {import("./summary.js").Summary} */
export const NO_SUMMARY = { style: "brief", sentences: 3, language: "", working: false, result: [], shortage: "" };

/** @type {State} */
export const state = {
  session: { keys_required: false, client: "", scopes: [] },
  route: { view: "stories" },
  language: "en",
  author: "",
  pairs: [],
  models: [],
  listing: { page: null, query: "", state: "", number: 0 },
  intake: { text: "", file: null, source: "", detected: "", target: "es", model: "", sending: false, over: false },
  opened: null,
  active: null,
  tab: "check",
  sheet: false,
  kind: null,
  label: false,
  search: { find: "", replace: "", match_case: false, whole_words: true },
  summary: NO_SUMMARY,
  record: null,
  term: { source: "", target: "" },
  split: { number: 0, source: 0, target: 0 },
  alternatives: null,
  comparison: null,
  revision: { text: "", file: null },
  notice: null,
};

/** @type {() => void} */
let draw = () => {};
let asked = false;

/**
 * Draw with this function from now on.
 * @param {() => void} drawing
 */
export function drawWith(drawing) {
  draw = drawing;
}

/**
 * Change the state and draw it, once for all changes before the next frame.
 * @param {Partial<State>} [patch]
 */
export function change(patch) {
  Object.assign(state, patch);
  if (!asked) {
    asked = true;
    requestAnimationFrame(drawNow);
  }
}

/** Draw without waiting for the next frame, for whoever needs the elements at once. */
export function drawNow() {
  asked = false;
  draw();
}
