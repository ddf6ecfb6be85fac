/** Where the editor is: the part of the address after `#`. */

/**
 * @typedef {{view: "stories"} | {view: "story", id: string, target: string}} Route
 */

/** @returns {Route} */
export function currentRoute() {
  const [view, id, target] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return view === "story" && id && target ? { view, id, target } : { view: "stories" };
}

/**
 * @param {string} id
 * @param {string} target
 */
export function storyAddress(id, target) {
  return `#/story/${encodeURIComponent(id)}/${encodeURIComponent(target)}`;
}

export const STORIES = "#/";
