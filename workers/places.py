"""Countries under the target's names, where a model keeps the source's or has another language's spelling."""

import re
from collections.abc import Iterator
from functools import cache

from workers.checks.countries import accepted_names, country_names, place_names
from workers.checks.facts import Span
from workers.checks.lexicon import ordinary_words
from workers.checks.own_names import OwnNames
from workers.checks.reading import read
from workers.checks.spelling import fold

_AMBIGUOUS = frozenset(
    {"Jordan", "Ireland", "France", "Spain", "Germany", "Brazil", "Poland", "Palau", "Kenya"}
    | {"Granada", "Guadalupe"}
)
"""Names of people and towns too: where a model copies one of these, it may be right."""
_SAINTS = ("St. ", "San ", "Santa ")
_LONGEST_OPENER = 4
"""Letters of an ordinary word that opens a sentence and is no part of a name ("En Haití")."""


def in_target(text: str, original: str, source: str, target: str, own: OwnNames) -> str:
    """The translation with its countries as the target calls them, by CLDR.

    Put right are a name of the source's that was copied ("Cameroon"), and one whose accents are not the
    target's ("Haiti", "Libéria"). Left are what news writes as well ("Rumania"), what the newsroom's own
    table has, and what is a part of a longer name ("Air Canada").
    """
    changes = dict(_copied(text, original, source, target))
    changes.update(_accented(text, target))
    if not changes:
        return text
    owned = {form for forms in own.between(source, target).values() for form in forms}
    changed = len(text)
    for span, right in sorted(changes.items(), reverse=True):
        name = text[slice(*span)]
        if span.end > changed or owned.issuperset(map(fold, name.split())):
            continue
        if _is_whole(text, span, target):
            text = text[: span.start] + right + text[span.end :]
            changed = span.start
    return text


def _copied(text: str, original: str, source: str, target: str) -> Iterator[tuple[Span, str]]:
    """The places of names that only the source's language has."""
    theirs = country_names(source, target)
    for name in {fact.text for fact in read(original, source).countries}:
        right = theirs.get(name, name)
        if (
            right == name
            or name in _AMBIGUOUS
            or name.startswith(_SAINTS)
            or name in accepted_names(target)
        ):
            continue
        for match in re.finditer(rf"(?<![\w./@]){re.escape(name)}(?!\w|[./@]\w)", text):
            yield Span(*match.span()), right


def _accented(text: str, target: str) -> Iterator[tuple[Span, str]]:
    """The places of names that are the target's but for their accents."""
    for fact in read(text, target).countries:
        right = _folded(target).get(fold(fact.text))
        if (
            right is not None
            and fact.text[0].isupper()
            and not fact.text.isupper()
            and fact.text not in accepted_names(target)
        ):
            yield fact.span, right


@cache
def _folded(language: str) -> dict[str, str]:
    return {fold(name): name for name in place_names(language)}


def _is_whole(text: str, span: Span, target: str) -> bool:
    """Whether no word with a capital stands beside it, as in a longer name."""
    before = re.search(r"(\w+)[ -]$", text[: span.start])
    after = re.match(r"[ -](\w)", text[span.end :])
    if after is not None and after[1].isupper():
        return False
    return (
        before is None
        or not before[1][0].isupper()
        or (len(before[1]) <= _LONGEST_OPENER and before[1].lower() in ordinary_words(target))
    )
