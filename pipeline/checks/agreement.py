"""Spanish words that do not agree: articles with nouns ("la sistema"), verbs with pronouns ("vamos a irse").

The first is the most frequent error of a small model, above all of one that learned from a related language
("a viagem", "el viaje"). Nouns of both genders ("el policía", "la policía") are not in the table and are
not checked.
"""

import re
from collections.abc import Iterator, Mapping

from pipeline.checks.lexicon import genders, ordinary_words
from pipeline.spans import Span

_FEMININE = {
    "el": "la", "un": "una", "del": "de la", "al": "a la", "este": "esta", "ese": "esa", "aquel": "aquella",
    "los": "las", "unos": "unas", "estos": "estas", "esos": "esas", "aquellos": "aquellas",
}  # fmt: skip
_MASCULINE = {feminine: masculine for masculine, feminine in _FEMININE.items()}
_ARTICLES = sorted([*_FEMININE, *_MASCULINE], key=len, reverse=True)
_PRONOUNS = {
    "me": r"voy a|vine a|puedo|quiero|debo|suelo|tengo que|tuve que|he de",
    "te": r"vas a|puedes|quieres|debes|sueles|tienes que|has de",
    "nos": r"vamos a|podemos|queremos|debemos|solemos|tenemos que|hemos de|podríamos|deberíamos",
}
_REFLEXIVE = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{pronoun}>{verbs})' for pronoun, verbs in _PRONOUNS.items())})"
    r" (?P<verb>[a-záéíóúñ]*[aeií]r)se\b",
    re.IGNORECASE,
)
"""A verb in the first or second person with the reflexive pronoun of the third."""
_PHRASE = re.compile(
    rf"\b(?P<article>(?i:{'|'.join(_ARTICLES)})) (?P<noun>[a-záéíóúüñ]{{3,}})\b"
    r"(?=(?: (?P<adjective>[a-záéíóúüñ]+)\b)?)"
)


def disagreements(text: str, language: str) -> list[tuple[Span, str]]:
    """The spans of words that do not agree, each with its correction; Spanish only.

    An adjective that directly follows article and noun is part of the span.
    """
    table = genders(language)
    return [*_articles(text, table), *_pronouns(text)] if table else []


def _pronouns(text: str) -> Iterator[tuple[Span, str]]:
    for match in _REFLEXIVE.finditer(text):
        right = next(pronoun for pronoun in _PRONOUNS if match[pronoun])
        yield Span(match.start("verb"), match.end()), f"{match['verb']}{right}"


def _articles(text: str, table: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
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
        yield Span(match.start(), end), right


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
