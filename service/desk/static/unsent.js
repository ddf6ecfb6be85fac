/** Corrections that the server does not have yet: kept in the browser, so that a reload loses none. */

/**
 * @typedef {Object} Unsent
 * @property {string} text What the editor wrote.
 * @property {string | null} base The text that it replaces.
 * @property {string} source The sentence that it translates.
 * @property {string} etag Of the sentence as the editor saw it.
 * @property {import("./types.js").Segment} [theirs] What another editor made of it meanwhile.
 */

const PREFIX = "dragoman.unsent";

/** The unsent corrections of one version, by the numbers of their sentences. */
export class UnsentTexts {
  /**
   * @param {string} id
   * @param {string} target
   */
  constructor(id, target) {
    this.prefix = [PREFIX, encodeURIComponent(id), target, ""].join("/");
    /** @type {Map<number, Unsent>} */
    this.texts = new Map();
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(this.prefix))) {
      const kept = localStorage.getItem(key);
      if (kept) this.texts.set(Number(key.slice(this.prefix.length)), JSON.parse(kept));
    }
  }

  /**
   * @param {number} number
   * @param {Unsent} unsent
   */
  put(number, unsent) {
    this.texts.set(number, unsent);
    localStorage.setItem(this.prefix + number, JSON.stringify(unsent));
  }

  /** @param {number} number */
  remove(number) {
    this.texts.delete(number);
    localStorage.removeItem(this.prefix + number);
  }
}
