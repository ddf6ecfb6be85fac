/** Taking the version out: copied or downloaded. */

import { call, versionPath } from "./api.js";
import { t } from "./messages.js";
import { say, sayProblem } from "./notice.js";
import { state } from "./state.js";
import { html } from "./vendor/lit-html.js";

/** @returns {Promise<string>} */
async function currentText() {
  const { opened } = state;
  if (!opened?.version) return "";
  await opened.saving.flush();
  /** @type {import("./types.js").Version} */
  const version = await call("GET", versionPath(opened.story.id, opened.version.target));
  const fields = version.article ?? { text: version.text };
  return Object.values(fields).filter(Boolean).join("\n\n");
}

export async function copy() {
  try {
    await navigator.clipboard.writeText(await currentText());
    say(t("copied"));
  } catch (error) {
    sayProblem(error);
  }
}

async function download() {
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await currentText()], { type: "text/plain" }));
    link.download = `${state.opened?.story.id}.${state.opened?.version?.target}.txt`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    sayProblem(error);
  }
}

export function outputView() {
  return html`<button @click=${copy}>${t("copy")}</button><button @click=${download}>${t("download")}</button>`;
}
