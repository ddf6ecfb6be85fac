/** Dialogs of the page: the browser's own, which keep the focus and close with Escape. */

/** @param {string} id */
export function openDialog(id) {
  /** @type {HTMLDialogElement} */ (document.getElementById(id)).showModal();
}

export function isDialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}
