/** Sentences that two editors have changed: both texts side by side, until one is chosen. */

import { withNew } from "./diff.js";
import { t } from "./messages.js";
import { state } from "./state.js";
import { html } from "./vendor/lit-html.js";

export function conflictsView() {
  const saving = state.opened?.saving;
  return saving?.conflicts.map(
    ([number, unsent]) => html`<section class="conflict" role="alert">
      <h2>${t("conflict")}</h2>
      <p>${t("conflict-why", { author: unsent.theirs?.author ?? t("someone"), number: number + 1 })}</p>
      <div class="versions">
        <div><h3>${t("yours")}</h3><p>${unsent.text}</p><button class="main" @click=${() => saving.keepMine(number)}>${t("keep-mine")}</button></div>
        <div><h3>${t("theirs")}</h3><p>${withNew(unsent.text, unsent.theirs?.target ?? "")}</p><button @click=${() => saving.takeTheirs(number)}>${t("take-theirs")}</button></div>
      </div>
    </section>`,
  );
}
