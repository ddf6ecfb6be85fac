"""Detect the language of an article outside its quotations, and of very short texts by their words."""

import re
from collections.abc import Collection
from dataclasses import replace

from models.detection import Detection, detect, likeliest
from pipeline.checks.lexicon import ordinary_words

_QUOTATION = re.compile(r"“[^“”]{1,2000}”|«[^«»]{1,2000}»|\"[^\"\n]{1,2000}\"")
_LEAST_OUTSIDE = 25
"""Number of letters outside quotations from which these alone decide."""
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 6
"""Maximum number of words in a text whose language is decided by its words if statistics are not sure."""
_KNOWN = ("en", "es")
"""The languages with a list of ordinary words."""


def detect_article(text: str) -> Detection:
    """The language of a text, not counting quotations in another language.

    Raises nothing; a text that is too short or in several languages has none, with the reason.
    """
    outside = _QUOTATION.sub(" ", text)
    if sum(map(str.isalpha, outside)) >= _LEAST_OUTSIDE:
        text = outside
    found = detect(text)
    if found.language is None and (language := _by_words(text)) is not None:
        return replace(found, language=language, reason=None)
    return found


def likeliest_language(text: str, languages: Collection[str]) -> tuple[str, float]:
    """The most likely of some languages, and its confidence from 0 to 1: for callers that need one always."""
    found = detect_article(text)
    if found.language in languages and found.language is not None:
        return found.language, found.confidence
    return likeliest(text, languages)


def _by_words(text: str) -> str | None:
    """The only language in which all of a few words are ordinary words: "hola"."""
    words = [word.lower() for word in _WORD.findall(text[:200])]
    if not 0 < len(words) <= _FEW:
        return None
    able = [language for language in _KNOWN if ordinary_words(language).issuperset(words)]
    return able[0] if len(able) == 1 else None
