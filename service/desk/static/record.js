/** The record of the version: who made it, who reviewed it, and what has changed since the last revision. */

import { call, versionPath } from "./api.js";
import { askToDelete } from "./deleting.js";
import { dateTime, t } from "./messages.js";
import { sayProblem } from "./notice.js";
import { askForRevision } from "./revision.js";
import { may } from "./session.js";
import { change, state } from "./state.js";
import { html, nothing } from "./vendor/lit-html.js";

/**
 * @typedef {Object} VersionRecord
 * @property {string} target
 * @property {string} digital_source_type
 * @property {{id: string, repo: string | null, licence: string | null}[]} models
 * @property {number} machine
 * @property {number} memory
 * @property {number} edited
 * @property {number} approved
 * @property {string[]} reviewers
 * @property {string} text_sha256
 */

/**
 * @typedef {Object} Record
 * @property {string} etag Of the version that it is about.
 * @property {{sent_by: string, sent_at: string, revision: number}} story
 * @property {VersionRecord | undefined} version
 * @property {{id: number, action: string, number: number, author: string, at: string}[]} entries The newest first.
 * @property {import("./types.js").Previous[]} removed
 */

const SHOWN = 50;
let reading = "";

/** @param {string} etag */
async function read(etag) {
  const { opened } = state;
  if (!opened || reading === etag) return;
  reading = etag;
  const path = versionPath(opened.story.id, opened.target);
  const [provenance, log, version] = await Promise.all([
    call("GET", `v1/stories/${encodeURIComponent(opened.story.id)}/provenance`),
    call("GET", `${path}/reviews`),
    call("GET", path),
  ]);
  const of = provenance.versions.find((/** @type {VersionRecord} */ one) => one.target === opened.target);
  change({ record: { etag, story: provenance, version: of, entries: log.entries.reverse(), removed: version.removed } });
}

export function recordView() {
  const { opened, record } = state;
  const etag = opened?.version?.etag;
  if (etag && record?.etag !== etag) read(etag).catch(sayProblem);
  if (!record?.version) return nothing;
  const { story, version, entries, removed } = record;
  return html`<section aria-labelledby="record-title">
    <h2 id="record-title">${t("who-made-it")}</h2>
    <div class="actions">
      ${may("edit") ? html`<button @click=${() => askForRevision()}>${t("new-revision")}…</button>` : nothing}
      ${may("approve") ? html`<button @click=${askToDelete}>${t("delete-story")}…</button>` : nothing}
    </div>
    <dl>
      <div><dt>${t("sent")}</dt><dd>${t("by-whom", { author: story.sent_by, at: dateTime(story.sent_at) })}</dd></div>
      <div><dt>${t("revision")}</dt><dd>${story.revision}</dd></div>
      <div><dt>${t("models")}</dt><dd>${version.models.map((model) => html`<span class="model">${model.id} <small>${model.licence ?? ""}</small></span>`)}</dd></div>
      <div><dt>${t("count-machine")}</dt><dd>${version.machine}</dd></div>
      <div><dt>${t("count-memory")}</dt><dd>${version.memory}</dd></div>
      <div><dt>${t("count-edited")}</dt><dd>${version.edited}</dd></div>
      <div><dt>${t("count-approved")}</dt><dd>${version.approved}</dd></div>
      <div><dt>${t("reviewers")}</dt><dd>${version.reviewers.join(", ") || "–"}</dd></div>
      <div><dt>${t("source-type")}</dt><dd class="code">${version.digital_source_type.split("/").at(-1)}</dd></div>
      <div><dt>SHA-256</dt><dd class="code">${version.text_sha256.slice(0, 16)}…</dd></div>
    </dl>
  </section>
  ${removed.length ? html`<section aria-labelledby="removed"><h2 id="removed">${t("removed")}</h2>${removed.map((one) => html`<p class="was"><del>${one.source}</del></p>`)}</section>` : nothing}
  <section aria-labelledby="log-title">
    <h2 id="log-title">${t("log")}</h2>
    ${entries.length ? nothing : html`<p class="none">${t("log-empty")}</p>`}
    <ol class="log">${entries.slice(0, SHOWN).map((entry) => html`<li><span>${t(/** @type {import("./messages.js").Key} */ (`action-${entry.action}`), { number: entry.number + 1 })}</span>
      <small>${entry.author}, ${dateTime(entry.at)}</small></li>`)}</ol>
  </section>`;
}
