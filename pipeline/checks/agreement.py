"""Articles of another gender than their noun's, in Spanish: "la sistema", "del prueba".

No slip of a small model is more frequent, least of all where it has learned of a sister language ("a viagem",
"el viaje"). Nouns that are both ("el policía", "la policía") are in no table, and are not looked at.
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
    """The articles with their nouns that do not agree, and each as it should be; none but in Spanish.

    An adjective right after them is part of it.
    """
    table = genders(language)
    if not table:
        return []
    found = []
    for match in _PHRASE.finditer(text):
        article, noun = match["article"], match["noun"]
        other = (_MASCULINE if table.get(noun) == "m" else _FEMININE).get(article.lower())
        if noun not in table or other is None or article.endswith("s") != _is_plural(noun, table):
            continue  # of "del relaciones" more than the gender is wrong
        right = f"{other.capitalize() if article[0].isupper() else other} {noun}"
        end = match.end("noun")
        # What follows agrees with the article, not with the noun: "el protesta pacífico".
        if adjective := _turned(match["adjective"] or "", table[noun]):
            right, end = f"{right} {adjective}", match.end("adjective")
        found.append((Span(match.start(), end), right))
    return found


def _turned(word: str, gender: str) -> str:
    """The adjective of the other gender in this one; empty for all else."""
    ending, instead = ("a", "o") if gender == "m" else ("o", "a")
    stem = word.removesuffix("s").removesuffix(ending)
    plain = ordinary_words("es")
    if word not in (f"{stem}{ending}", f"{stem}{ending}s"):
        return ""
    if not all(f"{stem}{end}" in plain for end in ("o", "a", "os", "as")):
        return ""
    return f"{stem}{instead}{word[len(stem) + 1 :]}"


def _is_plural(noun: str, table: Mapping[str, str]) -> bool:
    """Whether the table has its singular: of "árboles", and not of "análisis"."""
    return noun.endswith("s") and (noun[:-1] in table or noun[:-2] in table)
