"""Spanish articles whose gender differs from that of their noun: "la sistema", "del prueba".

This is the most frequent error of a small model, above all of one that learned from a related language
("a viagem", "el viaje"). Nouns of both genders ("el policía", "la policía") are not in the table and are
not checked.
"""

import re
from collections.abc import Mapping

from pipeline.checks.lexicon import genders, ordinary_words
from pipeline.spans import Span

_FEMININE = {
    "el": "la", "un": "una", "del": "de la", "al": "a la", "este": "esta", "ese": "esa", "aquel": "aquella",
    "los": "las", "unos": "unas", "estos": "estas", "esos": "esas", "aquellos": "aquellas",
}  # fmt: skip
_MASCULINE = {feminine: masculine for masculine, feminine in _FEMININE.items()}
_ARTICLES = sorted([*_FEMININE, *_MASCULINE], key=len, reverse=True)
_PHRASE = re.compile(
    rf"\b(?P<article>(?i:{'|'.join(_ARTICLES)})) (?P<noun>[a-záéíóúüñ]{{3,}})\b"
    r"(?=(?: (?P<adjective>[a-záéíóúüñ]+)\b)?)"
)


def disagreements(text: str, language: str) -> list[tuple[Span, str]]:
    """The spans of article and noun that do not agree, each with its correction; Spanish only.

    An adjective that directly follows is part of the span.
    """
    table = genders(language)
    if not table:
        return []
    found = []
    for match in _PHRASE.finditer(text):
        article, noun = match["article"], match["noun"]
        other = (_MASCULINE if table.get(noun) == "m" else _FEMININE).get(article.lower())
        if noun not in table or other is None or article.endswith("s") != _is_plural(noun, table):
            continue  # in "del relaciones" more than the gender is wrong
        right = f"{other.capitalize() if article[0].isupper() else other} {noun}"
        end = match.end("noun")
        # The adjective agrees with the article instead of the noun: "el protesta pacífico".
        if adjective := _turned(match["adjective"] or "", table[noun]):
            right, end = f"{right} {adjective}", match.end("adjective")
        found.append((Span(match.start(), end), right))
    return found


def _turned(word: str, gender: str) -> str:
    """The adjective in the given gender; empty if the word is not an adjective of the other gender."""
    ending, instead = ("a", "o") if gender == "m" else ("o", "a")
    stem = word.removesuffix("s").removesuffix(ending)
    plain = ordinary_words("es")
    if word not in (f"{stem}{ending}", f"{stem}{ending}s"):
        return ""
    if not all(f"{stem}{end}" in plain for end in ("o", "a", "os", "as")):
        return ""
    return f"{stem}{instead}{word[len(stem) + 1 :]}"


def _is_plural(noun: str, table: Mapping[str, str]) -> bool:
    """Whether the table has a singular for the noun: yes for "árboles", no for "análisis"."""
    return noun.endswith("s") and (noun[:-1] in table or noun[:-2] in table)
