/** Sending corrections: soon after the typing, one after the other, and again until the server has them. */

import { Problem, Unreachable, call, versionPath } from "./api.js";
import { sayProblem } from "./notice.js";
import { signed } from "./settings.js";
import { change } from "./state.js";
import { UnsentTexts } from "./unsent.js";

/** @typedef {import("./types.js").Segment} Segment */
/** @typedef {import("./types.js").Followed} Followed */

const TYPING_MS = 700;
const RETRY_MS = [1000, 2000, 5000, 10_000];

/** The corrections of one version on their way to the server. */
export class Saving {
  /**
   * @param {string} id
   * @param {string} target
   * @param {(version: Followed) => void} take Is given what the server answers.
   */
  constructor(id, target, take) {
    this.id = id;
    this.target = target;
    this.take = take;
    this.unsent = new UnsentTexts(id, target);
    /** @type {Followed | null} */
    this.version = null;
    this.failures = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<void>} */
    this.sending = Promise.resolve();
    this.sendNow = () => void this.flush();
    addEventListener("online", this.sendNow);
    addEventListener("pagehide", this.sendNow);
  }

  close() {
    clearTimeout(this.timer);
    removeEventListener("online", this.sendNow);
    removeEventListener("pagehide", this.sendNow);
    this.sendNow();
  }

  /** Whether corrections wait because the last try to send them failed. */
  get isHeldUp() {
    return this.failures > 0 && this.unsent.texts.size > 0;
  }

  /** The corrections of sentences that another editor has changed as well. */
  get conflicts() {
    return [...this.unsent.texts].filter(([, unsent]) => unsent.theirs);
  }

  /**
   * See the version as it is now; corrections that it waited for can be sent.
   * @param {Followed} version
   */
  see(version) {
    const wasTranslating = !this.version || this.version.state === "translating";
    this.version = version;
    if (wasTranslating && version.state !== "translating" && this.unsent.texts.size) this.later(0);
  }

  /**
   * Keep what was typed, and send it when the typing pauses.
   * @param {Segment} segment
   * @param {string} text
   */
  write(segment, text) {
    const { number, source, etag, target } = segment;
    const before = this.unsent.texts.get(number);
    if (text === (before?.base ?? target)) this.unsent.remove(number);
    else this.unsent.put(number, { base: target, source, etag, ...before, text });
    this.later(TYPING_MS);
  }

  /** @param {number} milliseconds */
  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.sendNow, milliseconds);
  }

  /** Send everything that can be sent now; resolves when it is tried. */
  flush() {
    clearTimeout(this.timer);
    this.sending = this.sending.then(() => this.sendAll());
    return this.sending;
  }

  async sendAll() {
    if (!this.version || this.version.state === "translating") return;
    for (const [number, unsent] of [...this.unsent.texts]) {
      if (unsent.theirs || !unsent.text.trim()) continue;
      try {
        await this.send(number, unsent);
        this.failures = 0;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (error instanceof Problem && error.status === 401) sayProblem(error);
        this.later(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
        this.failures += 1;
        change();
        return;
      }
    }
    change();
  }

  /**
   * @param {number} number
   * @param {import("./unsent.js").Unsent} unsent
   */
  async send(number, unsent) {
    const path = versionPath(this.id, this.target, `/segments/${number}`);
    const json = { target: unsent.text, ...signed() };
    try {
      const version = await call("PATCH", path, { json, ifMatch: unsent.etag, keepalive: true });
      this.sent(number, unsent.text, version.segments[number]);
      this.take(version);
    } catch (error) {
      if (!(error instanceof Problem) || ![404, 412].includes(error.status)) throw error;
      const theirs = error.current?.segments?.find((/** @type {Segment} */ one) => one.number === number);
      await this.settle(number, unsent, theirs);
    }
  }

  /**
   * Forget what was sent, unless more was typed meanwhile.
   * @param {number} number
   * @param {string} text
   * @param {Segment | undefined} now
   */
  sent(number, text, now) {
    const unsent = this.unsent.texts.get(number);
    if (!unsent || unsent.text === text || !now) this.unsent.remove(number);
    else this.unsent.put(number, { ...unsent, base: text, etag: now.etag, theirs: undefined });
  }

  /**
   * Send again if nobody has written another text; otherwise the editor has to choose.
   * @param {number} number
   * @param {import("./unsent.js").Unsent} unsent
   * @param {Segment | undefined} theirs
   */
  async settle(number, unsent, theirs) {
    const kept = this.unsent.texts.get(number) ?? unsent;
    if (theirs?.source === unsent.source && theirs.target === unsent.text) {
      this.sent(number, unsent.text, theirs);
    } else if (theirs?.source === unsent.source && theirs.target === unsent.base) {
      this.unsent.put(number, { ...kept, etag: theirs.etag });
      await this.send(number, { ...kept, etag: theirs.etag });
    } else {
      this.unsent.put(number, { ...kept, theirs: theirs ?? this.version?.segments[number] });
    }
  }

  /**
   * Overwrite what the other editor wrote.
   * @param {number} number
   */
  keepMine(number) {
    const unsent = this.unsent.texts.get(number);
    if (!unsent?.theirs) return;
    const { theirs, ...mine } = unsent;
    this.unsent.put(number, { ...mine, base: theirs.target, source: theirs.source, etag: theirs.etag });
    this.later(0);
  }

  /**
   * Give up what this editor wrote.
   * @param {number} number
   */
  takeTheirs(number) {
    this.unsent.remove(number);
    change();
  }
}

/**
 * Whether it may go better later: no network, a server that is away or busy, a version that is not ready.
 * @param {unknown} error
 */
function isPassing(error) {
  if (error instanceof Unreachable) return true;
  return error instanceof Problem && (error.status >= 500 || [401, 409, 429].includes(error.status));
}
