"""Articles before a term that a stand-in has replaced: the model chose them for the stand-in."""

import re

from pipeline.checks.lexicon import genders
from pipeline.checks.words import words
from pipeline.glossary.matching import lemma

_DEFINITE = {"ms": "el", "fs": "la", "mp": "los", "fp": "las"}
_INDEFINITE = {"ms": "un", "fs": "una", "mp": "unos", "fp": "unas"}
_JOINED = {"de el": "del", "a el": "al"}
_PARTED = {joined: parted for parted, joined in _JOINED.items()}
_ARTICLE = re.compile(
    r"(?<!\w)(?:del|al|(?:(?:de|a) )?(?:el|la|los|las|un|una|unos|unas))$", re.IGNORECASE
)

_ENDING = re.compile(r"(?:(?P<masculine>o)|a|[cs]i[oó]n|[dt]ad)(?:e?s)?$")
"""Endings of nouns that are not in the table, such as "partido", which may be a form of a verb too."""


def with_article(text: str, term: str, language: str) -> str:
    """The text with the article before the term in its gender and number: "los Partido", "el Partido".

    Spanish only; a term whose first word has no known gender keeps its article.
    """
    form = _form(term) if language == "es" else None
    if form is None or (place := text.find(f" {term}")) < 0:
        return text
    found = _ARTICLE.search(text, 0, place)
    if found is None:
        return text
    written = found[0].lower()
    before, _, article = _PARTED.get(written, written).rpartition(" ")
    right = (_INDEFINITE if article.startswith("un") else _DEFINITE)[form]
    if before:
        right = _JOINED.get(f"{before} {right}", f"{before} {right}")
    if found[0][0].isupper():
        right = right.capitalize()
    return text[: found.start()] + right + text[place:]


def _form(term: str) -> str | None:
    """The gender and the number of the term's first noun; None where they are not known."""
    table = genders("es")
    first = words(term)[0].lower
    gender = table.get(first)
    if gender is None:
        ending = _ENDING.search(first)
        if ending is None:
            return None
        gender = "m" if ending["masculine"] else "f"
    is_plural = first.endswith("s") and lemma(first, "es") != first
    return gender + ("p" if is_plural else "s")
