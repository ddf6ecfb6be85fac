/** What the page remembers of the editor in this browser: language, colours, name. */

import { change, state } from "./state.js";

const AUTHOR = "dragoman.author";
const LANGUAGE = "dragoman.language";
const THEME = "dragoman.theme";

export function restoreSettings() {
  const asked = localStorage.getItem(LANGUAGE) ?? navigator.language;
  state.language = asked.startsWith("es") ? "es" : "en";
  state.author = localStorage.getItem(AUTHOR) ?? "";
  showTheme();
}

/** @param {"en" | "es"} language */
export function setLanguage(language) {
  localStorage.setItem(LANGUAGE, language);
  change({ language });
}

/** @param {string} author */
export function setAuthor(author) {
  localStorage.setItem(AUTHOR, author);
  change({ author });
}

/** The author for the review log; the server names the key's client where there is none. */
export function signed() {
  return state.author ? { author: state.author } : {};
}

/** Change between dark and light, from whichever is shown. */
export function toggleTheme() {
  localStorage.setItem(THEME, isDark() ? "light" : "dark");
  showTheme();
  change();
}

export function isDark() {
  const theme = localStorage.getItem(THEME);
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showTheme() {
  document.documentElement.dataset.theme = localStorage.getItem(THEME) ?? "auto";
}
