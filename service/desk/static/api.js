/** Calls of the API of the front that serves this page. */

const BASE = new URL("../", document.baseURI);

/** An answer that is an RFC 9457 problem. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, detail?: string, current?: any}} body
   */
  constructor(status, body) {
    super(body.detail ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = body.code ?? "";
    this.current = body.current;
  }
}

/** No answer: no network, or the front is not running. */
export class Unreachable extends Error {}

/**
 * @typedef {Object} Options
 * @property {unknown} [json] The body.
 * @property {string} [ifMatch]
 * @property {number} [wait] Seconds that the answer may be held.
 * @property {boolean} [keepalive] Whether the request outlives the page.
 */

/**
 * The JSON of an answer. Throws Problem or Unreachable.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export async function call(method, path, options = {}) {
  const headers = new Headers({ Accept: "application/json" });
  /** @type {RequestInit} */
  const request = { method, headers, keepalive: options.keepalive ?? false };
  if (options.json !== undefined) {
    headers.set("Content-Type", "application/json");
    request.body = JSON.stringify(options.json);
  }
  if (options.ifMatch) headers.set("If-Match", options.ifMatch);
  if (options.wait) headers.set("Prefer", `wait=${options.wait}`);
  let answer;
  try {
    answer = await fetch(address(path), request);
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  throw new Problem(answer.status, await answer.json().catch(() => ({})));
}

/**
 * The whole address of a path of the API.
 * @param {string} path
 */
export function address(path) {
  return new URL(path, BASE).href;
}

/**
 * The path of a version, or of something below it.
 * @param {string} id
 * @param {string} target
 * @param {string} [below]
 */
export function versionPath(id, target, below = "") {
  return `v1/stories/${encodeURIComponent(id)}/versions/${encodeURIComponent(target)}${below}`;
}
