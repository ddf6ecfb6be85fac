/** What the keys do. The help lists the same table. */

import { findAlternatives } from "./alternatives.js";
import { useOther } from "./comparison.js";
import { isDialogOpen, openDialog } from "./dialogs.js";
import { nextIssue, openFlags } from "./flags.js";
import { t } from "./messages.js";
import { say } from "./notice.js";
import { copy } from "./output.js";
import { openTab } from "./panel.js";
import { STORIES } from "./routes.js";
import { focusSentence } from "./segment.js";
import { askToSplit } from "./split.js";
import { drawNow, state } from "./state.js";
import { askForTerm } from "./terms.js";
import { dismiss, joinNext, putText, segments, setState, undoLast } from "./version.js";

/**
 * @typedef {Object} Shortcut
 * @property {string} keys As they are shown; `Alt` and the others as the browser names them.
 * @property {import("./messages.js").Key} does
 * @property {() => void} run
 */

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  { keys: "F8", does: "key-next-issue", run: () => focusNextIssue(1) },
  { keys: "Shift+F8", does: "key-previous-issue", run: () => focusNextIssue(-1) },
  { keys: "Alt+ArrowDown", does: "key-next", run: () => step(1) },
  { keys: "Alt+ArrowUp", does: "key-previous", run: () => step(-1) },
  { keys: "Ctrl+Enter", does: "key-approve", run: approveAndGoOn },
  { keys: "Alt+Shift+A", does: "key-alternatives", run: () => atActive(findAlternatives) },
  { keys: "Alt+Shift+D", does: "key-dismiss", run: () => atActive(dismissFirst) },
  { keys: "Alt+Shift+R", does: "key-restore", run: () => atActive(restore) },
  { keys: "Alt+Shift+U", does: "key-use-other", run: () => atActive(useOther) },
  { keys: "Alt+Shift+J", does: "key-join", run: () => atActive(joinNext) },
  { keys: "Alt+Shift+K", does: "key-split", run: () => atActive(askToSplit) },
  { keys: "Alt+Shift+T", does: "key-term", run: askForTerm },
  { keys: "Alt+Shift+Z", does: "key-undo", run: undoLast },
  { keys: "Alt+Shift+C", does: "key-copy", run: copy },
  { keys: "Alt+Shift+S", does: "key-summary", run: () => openTab("summary") },
  { keys: "Ctrl+H", does: "key-find", run: openFind },
  { keys: "Alt+Shift+L", does: "key-list", run: () => { location.hash = STORIES; } },
  { keys: "F1", does: "key-help", run: () => openDialog("help") },
];

/** @param {KeyboardEvent} event */
export function onKey(event) {
  if (isDialogOpen()) return;
  const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, [data-edit]");
  if (event.key === "?" && !isTyping) {
    event.preventDefault();
    openDialog("help");
    return;
  }
  const pressed = nameOf(event);
  const shortcut = SHORTCUTS.find(({ keys }) => keys === pressed);
  const isForStory = shortcut && shortcut.keys !== "F1";
  if (!shortcut || (isForStory && state.route.view !== "story")) return;
  event.preventDefault();
  shortcut.run();
}

/**
 * The name of what was pressed, as the table has it. Letters by their places: with Alt they type others.
 * @param {KeyboardEvent} event
 */
function nameOf(event) {
  const key = event.code.startsWith("Key") ? event.code.slice(3) : event.key;
  const held = [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey ? "Shift" : "",
  ].filter(Boolean);
  return [...held, key].join("+");
}

/** @param {1 | -1} direction */
export function focusNextIssue(direction) {
  const number = nextIssue(direction);
  if (number === null) {
    say(t("nothing-to-check"));
    return;
  }
  openTab("check");
  focusSentence(number);
}

/** @param {1 | -1} direction */
function step(direction) {
  const number = state.active === null ? 0 : state.active + direction;
  if (segments()[number]) focusSentence(number);
}

/** @param {(number: number) => void} run */
function atActive(run) {
  if (state.active !== null) run(state.active);
}

/** @param {number} number */
function dismissFirst(number) {
  const [flag] = openFlags(segments()[number]);
  if (flag) dismiss(number, flag, true);
}

/** @param {number} number */
function restore(number) {
  const { machine } = segments()[number];
  if (machine !== null) putText(number, machine);
}

function openFind() {
  openTab("find");
  drawNow();
  document.getElementById("find")?.focus();
}

function approveAndGoOn() {
  atActive((number) => {
    setState(number, "approved");
    step(1);
  });
}
