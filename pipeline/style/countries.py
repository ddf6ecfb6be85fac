"""Correct names of countries in the target language where a model copied or misspelled them."""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.checks.countries import accepted_names, country_names, names_by_code, place_names
from pipeline.checks.reading import Reading, read
from pipeline.checks.spelling import Spellings, fold
from pipeline.spans import Span, replace_spans

_ABBREVIATED = {"es": (re.compile(r"\bEE\.\s?U{1,3}\b\.{0,2}"), "EE. UU.")}
"""By language. In 15 of 98 news sentences with "U.S." or a variant, the embedded model wrote "EE.UUU." or
"EE.U."; the spelling follows the Real Academia (Ortografía de la lengua española, 2010)."""
_AMBIGUOUS = frozenset(
    {"Jordan", "Ireland", "France", "Spain", "Germany", "Brazil", "Poland", "Palau", "Kenya"}
    | {"Granada", "Guadalupe"}
)
"""Names that are also those of people and towns: a model that copies one may be right."""
_JOINING = ("de", "del", "la", "las", "los", "el", "y", "of", "the", "and")
"""Words that connect the words of a country's name."""
_SAINTS = ("St. ", "San ", "Santa ")


def in_target(text: str, original: str, source: str, target: str, own: Spellings) -> str:
    """The translation with its countries under their names in the target language, by CLDR.

    Corrected are names copied from the source ("Cameroon"), names with wrong accents ("Haiti",
    "Libéria"), and Spanish "EE. UU.". Left alone are variants that news uses ("Rumania"), names in the
    newsroom's own table, and parts of longer names ("Air Canada").
    """
    if target in _ABBREVIATED:
        pattern, right = _ABBREVIATED[target]
        text = pattern.sub(right, text)
    ours, theirs = read(original, source), read(text, target)
    changes = [*_copied(ours, theirs), *_accented(theirs), *_misjoined(ours, theirs)]
    if not changes:
        return text
    owned = {form for forms in own.values() for form in forms}
    return replace_spans(
        text,
        (
            (span, right)
            for span, right in changes
            if not _is_part(span, theirs)
            and not owned.issuperset(map(fold, text[slice(*span)].split()))
        ),
    )


def _copied(source: Reading, target: Reading) -> Iterator[tuple[Span, str]]:
    """The spans of names that exist in the source language only."""
    theirs = country_names(source.language, target.language)
    for name in {fact.text for fact in source.countries} & theirs.keys():
        if (
            name in _AMBIGUOUS
            or name.startswith(_SAINTS)
            or name in accepted_names(target.language)
        ):
            continue
        for match in re.finditer(rf"(?<![\w./@]){re.escape(name)}(?!\w|[./@]\w)", target.text):
            yield Span(*match.span()), theirs[name]


def _accented(target: Reading) -> Iterator[tuple[Span, str]]:
    """The spans of names that differ from the target language's name in their accents only."""
    for fact in target.countries:
        right = _folded(target.language).get(fold(fact.text))
        if (
            right is not None
            and fact.text[0].isupper()
            and not fact.text.isupper()
            and fact.text not in accepted_names(target.language)
        ):
            yield fact.span, right


def _misjoined(source: Reading, target: Reading) -> Iterator[tuple[Span, str]]:
    """The spans of names whose main words are right but whose small words are wrong: "Costa del Marfil"."""
    names = names_by_code(target.language)
    for right in {name for fact in source.countries for name in names.get(fact.value, ())}:
        words = [word for word in right.split() if word not in _JOINING]
        if len(words) < 2 or right in target.text:
            continue
        between = rf"\s+(?:(?:{'|'.join(_JOINING)})\s+){{0,2}}"
        pattern = rf"(?<!\w){between.join(map(re.escape, words))}(?!\w)"
        for match in re.finditer(pattern, target.text):
            yield Span(*match.span()), right


@cache
def _folded(language: str) -> dict[str, str]:
    return {fold(name): name for name in place_names(language)}


def _is_part(span: Span, reading: Reading) -> bool:
    """Whether a word that may be part of a name is directly adjacent."""
    return any(
        gap in (" ", "-")
        for fact in reading.capitalised
        for gap in (
            reading.text[fact.span.end : span.start],
            reading.text[span.end : fact.span.start],
        )
    )
