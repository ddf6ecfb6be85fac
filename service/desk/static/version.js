/** The version that is open: followed as it is made, and changed. */

import { Problem, address, call, versionPath } from "./api.js";
import { t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { Saving } from "./saving.js";
import { isSignedIn } from "./session.js";
import { signed } from "./settings.js";
import { change, state } from "./state.js";

/** @typedef {import("./types.js").Segment} Segment */

/**
 * @typedef {Object} Opened
 * @property {import("./types.js").Story} story
 * @property {string} target
 * @property {import("./types.js").Followed | null} version Null until its first event.
 * @property {Saving} saving
 * @property {EventSource | null} events
 * @property {boolean} connected
 */

const AGAIN_MS = 3000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let again;

/**
 * Open a version and follow it until another is opened.
 * @param {string} id
 * @param {string} target
 */
export async function openVersion(id, target) {
  const story = await call("GET", `v1/stories/${encodeURIComponent(id)}`);
  const saving = new Saving(id, target, take);
  change({ opened: { story, target, version: null, saving, events: null, connected: true } });
  follow();
}

/** Follow the open version; nothing while the page is hidden, since a browser has few connections to a front. */
function follow() {
  const { opened } = state;
  opened?.events?.close();
  clearTimeout(again);
  if (!opened || document.hidden) return;
  const events = new EventSource(address(versionPath(opened.story.id, opened.target, "/events")));
  opened.events = events;
  events.addEventListener("version", (event) => {
    opened.connected = true;
    take(JSON.parse(event.data));
  });
  events.addEventListener("deleted", () => {
    events.close();
    say(t("story-deleted"), true);
  });
  events.addEventListener("error", () => {
    opened.connected = false;
    // The browser connects again by itself, except after an answer with an error status.
    if (events.readyState === EventSource.CLOSED) again = setTimeout(followAgain, AGAIN_MS);
    change();
  });
}

function followAgain() {
  isSignedIn().then((is) => is && follow(), follow);
}

document.addEventListener("visibilitychange", follow);

export function closeVersion() {
  clearTimeout(again);
  state.opened?.events?.close();
  state.opened?.saving.close();
  change({ opened: null });
}

/**
 * Take what the server says of the version: an event with what has changed, or the whole version.
 * @param {import("./types.js").Followed} update
 */
function take(update) {
  const { opened } = state;
  if (!opened || update.story !== opened.story.id) return;
  const { version } = opened;
  const isSame = version?.revision === update.revision;
  const segments = isSame ? [...version.segments] : [];
  for (const segment of update.segments) segments[segment.number] = segment;
  segments.length = update.counts.segments;
  opened.version = { ...update, segments };
  if (update.revision !== opened.story.revision) readStory(opened).catch(sayProblem);
  opened.saving.see(opened.version);
  change();
}

/** @param {Opened} opened */
async function readStory(opened) {
  opened.story = await call("GET", `v1/stories/${encodeURIComponent(opened.story.id)}`);
  change();
}

/** The sentences of the open version. */
export function segments() {
  return state.opened?.version?.segments ?? [];
}

/** Whether the version can be changed: corrections are kept until then, and other changes have to wait. */
export function isReady() {
  const version = state.opened?.version;
  return version !== undefined && version !== null && version.state !== "translating" && version.state !== "failed";
}

/**
 * Whether a sentence is another one than in the revision before.
 * @param {Segment} segment
 */
export function isChanged(segment) {
  return (state.opened?.version?.revision ?? 1) > 1 && segment.change !== "unchanged";
}

/**
 * The text of a sentence as the editor sees it: what was typed, also where it is not sent yet.
 * @param {Segment} segment
 */
export function shownText(segment) {
  return state.opened?.saving.unsent.texts.get(segment.number)?.text ?? segment.target ?? "";
}

/** @param {Segment} segment */
export function isUnsent(segment) {
  return state.opened?.saving.unsent.texts.has(segment.number) ?? false;
}

/**
 * Keep what the editor has typed, and send it soon.
 * @param {number} number
 * @param {string} text
 */
export function write(number, text) {
  const segment = segments()[number];
  if (segment) state.opened?.saving.write(segment, text);
  change();
}

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Change the version when what was typed and asked before is done. Says what goes wrong.
 * @param {string} method
 * @param {string} below The path below that of the version.
 * @param {(opened: Opened) => {etag: string | undefined, json?: object}} prepare
 */
export function perform(method, below, prepare) {
  const { opened } = state;
  if (!opened) return last;
  last = last
    .then(() => opened.saving.flush())
    .then(async () => {
      const { etag, json } = prepare(opened);
      const path = versionPath(opened.story.id, opened.target, below);
      take(await call(method, path, { ifMatch: etag, json: { ...json, ...signed() } }));
    })
    .catch((error) => {
      if (error instanceof Problem && error.code === "precondition-failed") say(t("changed-meanwhile"), true);
      else sayProblem(error);
    });
  return last;
}

/**
 * @param {number} number
 * @param {"approved" | "draft"} as
 */
export function setState(number, as) {
  return perform("PATCH", `/segments/${number}`, () => ({ etag: segments()[number].etag, json: { state: as } }));
}

export function approveClean() {
  return perform("POST", "/approve", ({ version }) => ({ etag: version?.etag, json: { only_clean: true } }));
}

/**
 * Put another text in the place of a sentence's: the machine's, an alternative.
 * @param {number} number
 * @param {string} text
 */
export function putText(number, text) {
  write(number, text);
  return state.opened?.saving.flush();
}

/**
 * @param {number} number
 * @param {import("./types.js").Flag} flag
 * @param {boolean} dismissed
 */
export function dismiss(number, flag, dismissed) {
  const { code, message } = flag;
  return perform("POST", `/segments/${number}/flags`, () => ({
    etag: segments()[number].etag,
    json: { code, message, dismissed },
  }));
}

/**
 * Replace a text in all sentences, as one change.
 * @param {{find: string, replace: string, match_case: boolean, whole_words: boolean}} replacement
 */
export function replaceAll(replacement) {
  return perform("POST", "/replace", ({ version }) => ({ etag: version?.etag, json: replacement }));
}

/** @param {number} number */
export function joinNext(number) {
  return perform("POST", `/segments/${number}/join`, () => ({ etag: segments()[number].etag }));
}

/**
 * @param {number} number
 * @param {number} source_at In code points.
 * @param {number} target_at In code points.
 */
export function splitAt(number, source_at, target_at) {
  return perform("POST", `/segments/${number}/split`, () => ({
    etag: segments()[number].etag,
    json: { source_at, target_at },
  }));
}

export function undoLast() {
  return perform("POST", "/undo", ({ version }) => ({ etag: version?.etag }));
}
