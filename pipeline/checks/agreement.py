"""Spanish words that do not agree: articles with nouns ("la sistema"), verbs with pronouns ("vamos a irse").

The first is the most frequent error of a small model, above all of one that learned from a related language
("a viagem", "el viaje"). Nouns of both genders ("el policía", "la policía") are not in the table and are
not checked.
"""

import re
from collections.abc import Iterator, Mapping

from pipeline.checks.adjectives import wrong_adjectives
from pipeline.checks.determiners import FEMININE, MASCULINE, PATTERN
from pipeline.checks.lexicon import genders, ordinary_words
from pipeline.checks.verbs import wrong_verbs
from pipeline.spans import Span

_ENDINGS = ("o", "a", "os", "as")
_ALSO_VERBS = {"esta", "estas"}
"""Written without their accents they are verbs: "esta previsto"."""
_ANY_ARTICLE = {"acta", "alta", "dos", "medio", "mucho", "poco", "solo", "tanto", "todo"}
"""Words that follow either article: feminine nouns that take "el" for their sound, "dos", and adverbs ("la
poco conocida ley")."""
_WITH_PRONOUN = re.compile(r"[aei]rl[oa]s?$")
"""An infinitive with its object: "al llevarla"."""
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
    rf"\b(?P<article>(?i:{PATTERN})) (?P<noun>[a-záéíóúüñ]{{3,}})\b"
    r"(?=(?: (?P<adjective>[a-záéíóúüñ]+)\b)?)"
)


def disagreements(text: str, language: str) -> list[tuple[Span, str]]:
    """The spans of words that do not agree, each with its correction; Spanish only.

    An adjective that directly follows article and noun is part of the span.
    """
    table = genders(language)
    if not table:
        return []
    found = [*_articles(text, table), *_pronouns(text), *wrong_verbs(text, language)]
    wrong = {place for span, _ in found for place in range(*span)}
    # What agrees neither with the article nor with the adjective is corrected word by word.
    return found + [
        (span, right)
        for span, right in wrong_adjectives(text, language)
        if wrong.isdisjoint(range(*span))
    ]


def mixed_genders(text: str, language: str) -> list[Span]:
    """Articles before a word that has both genders, each with its own ending: "la niño"; Spanish only.

    Which of the two is wrong cannot be told: "el niño" and "la niña" are both right.
    """
    if not genders(language):
        return []
    return [Span(*match.span()) for match in _PHRASE.finditer(text) if _is_mixed(match)]


def _is_mixed(match: re.Match[str]) -> bool:
    article, word = match["article"].lower(), match["noun"]
    singular = word.removesuffix("s")
    return (
        singular.endswith("a" if article in FEMININE else "o")
        and article.endswith("s") == word.endswith("s")
        and article not in _ALSO_VERBS
        and word not in _ANY_ARTICLE
        and not (article == "la" and _is_verb(word))
        and not _WITH_PRONOUN.search(word)
        and all(f"{singular[:-1]}{end}" in ordinary_words("es") for end in _ENDINGS)
    )


def _is_verb(word: str) -> bool:
    """Whether it may be a verb after a pronoun: "la recuerdo"."""
    return any(f"{word[:-1]}{ending}" in ordinary_words("es") for ending in ("ar", "er", "ir"))


def _pronouns(text: str) -> Iterator[tuple[Span, str]]:
    for match in _REFLEXIVE.finditer(text):
        right = next(pronoun for pronoun in _PRONOUNS if match[pronoun])
        yield Span(match.start("verb"), match.end()), f"{match['verb']}{right}"


def _articles(text: str, table: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    for match in _PHRASE.finditer(text):
        article, noun = match["article"], match["noun"]
        other = (MASCULINE if table.get(noun) == "m" else FEMININE).get(article.lower())
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
    if not stem or word not in (f"{stem}{ending}", f"{stem}{ending}s"):  # "a" is no adjective
        return ""
    if not all(f"{stem}{end}" in plain for end in _ENDINGS):
        return ""
    return f"{stem}{instead}{word[len(stem) + 1 :]}"


def _is_plural(noun: str, table: Mapping[str, str]) -> bool:
    """Whether the table has a singular for the noun: yes for "árboles", no for "análisis"."""
    return noun.endswith("s") and (noun[:-1] in table or noun[:-2] in table)
