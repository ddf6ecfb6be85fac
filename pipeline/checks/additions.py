"""Find what a language model adds to a translation: remarks, markup, the source, another script's letters."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from babel.core import get_global

from pipeline.checks.reading import Reading
from pipeline.spans import Span

_REMARK = re.compile(
    r"""\b(?:
        as\ an?\ (?:ai|language\ model)\b | here(?:'s|\ is)\ (?:the|your|my)\ [^.:]{0,30}translation |
        translator's\ note | (?-i:Notes?): | let\ me\ know\ if | i\ hope\ this\ helps |
        como\ (?:ia|modelo\ de\ lenguaje)\b | aquí\ (?:está|tienes)\ (?:la|tu)\ traducción |
        nota\ (?:del\ traductor|de\ traducción) | (?-i:Notas?): | espero\ que\ (?:esto|te|le)\ (?:ayude|sirva)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MAY_BE_SAID = re.compile(
    r"\b(?:not[ea]s?|remarks?|translat\w*|traduc\w*|AI|IA|models?|modelos?|hope|espero|"
    r"let me know|N\.B\.|NB)\b",
    re.IGNORECASE,
)
"""Words of a source that a remark may translate."""
_MARKUP = re.compile(
    r"\*\*[^*\n]+\*\*|(?<!\w)__[^_\n]+__(?!\w)|```|^#{1,6} |\[[^\]\n]+\]\(\S+\)", re.MULTILINE
)
_SIGNS_OF_MARKUP = ("**", "__", "```", "#", "](")
_LEAST_REPEATED = 4
"""Minimum words of a source that a translation may not contain as a whole: a shorter one may be a title."""
_SCRIPTS = {
    "Arab": "ARABIC", "Armn": "ARMENIAN", "Beng": "BENGALI", "Cyrl": "CYRILLIC", "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC", "Geor": "GEORGIAN", "Grek": "GREEK", "Gujr": "GUJARATI", "Guru": "GURMUKHI",
    "Hang": "HANGUL", "Hebr": "HEBREW", "Khmr": "KHMER", "Knda": "KANNADA", "Laoo": "LAO",
    "Mlym": "MALAYALAM", "Mymr": "MYANMAR", "Sinh": "SINHALA", "Taml": "TAMIL", "Telu": "TELUGU",
    "Thai": "THAI", "Hani": "CJK", "Hira": "HIRAGANA", "Kana": "KATAKANA",
}  # fmt: skip
"""The first word of the names of a script's letters in Unicode, by its code in ISO 15924."""
_WRITTEN_IN = {"Jpan": ("Hani", "Hira", "Kana"), "Kore": ("Hang", "Hani")} | dict.fromkeys(
    ("Hans", "Hant"), ("Hani",)
)
"""The scripts of a writing system with several of them."""


def remark(source: Reading, target: Reading) -> Span | None:
    """The span of a remark to the reader of the answer, which no word of the source explains."""
    found = _REMARK.search(target.text)
    if found is None or _MAY_BE_SAID.search(source.text):
        return None
    return Span(*found.span())


def added_markup(source: Reading, target: Reading) -> Span | None:
    """The span of Markdown in the translation, if the source has no such signs."""
    found = _MARKUP.search(target.text)
    if found is None or any(sign in source.text for sign in _SIGNS_OF_MARKUP):
        return None
    return Span(*found.span())


def repeated_source(source: Reading, target: Reading) -> Span | None:
    """The span of the whole source in a translation that has more than it."""
    text = source.text.strip()
    if source.language == target.language or len(source.words) < _LEAST_REPEATED:
        return None
    start = target.text.find(text)
    return None if start < 0 or target.text.strip() == text else Span(start, start + len(text))


def wrong_script(source: Reading, target: Reading) -> Iterator[Span]:
    """Words with letters of a script that neither the target language nor the source is written in.

    Latin letters are right in every language: names and units have them.
    """
    if target.text.isascii():
        return
    known = _letters_of(target.language)
    if known is None:
        return
    for word in target.words:
        strange = {letter for letter in word.text if _script(letter) not in known}
        if strange and strange.isdisjoint(source.text):
            yield word.span


@cache
def _letters_of(language: str) -> frozenset[str | None] | None:
    """The scripts of a language by the names of their letters; None if they are not known."""
    likely = get_global("likely_subtags").get(language)
    if likely is None:
        return None
    code = likely.split("_")[1]
    names = {_SCRIPTS.get(part) for part in _WRITTEN_IN.get(code, (code,))}
    return frozenset(names | {None})


@cache
def _script(letter: str) -> str | None:
    """The script of a letter, by its name in Unicode; None for a Latin letter and any other character."""
    if letter.isascii() or not letter.isalpha():
        return None
    name = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
    return name if name in _SCRIPTS.values() else None
