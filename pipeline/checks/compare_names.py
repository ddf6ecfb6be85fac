"""Compare the names, countries, speakers and addresses of two texts."""

import re
from collections.abc import Iterator, Sequence

from pipeline.checks.countries import adjectives_within
from pipeline.checks.facts import Fact
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.kept_names import KeptNames
from pipeline.checks.matching import likeliest, missing_fact, unmatched
from pipeline.checks.names import whole
from pipeline.checks.reading import Reading
from pipeline.checks.speakers import speaker
from pipeline.checks.spelling import Spellings, distance, inflected
from pipeline.spans import Span

Became = dict[str, str]
"""Names that changed: the target's name mapped to the source's name that it replaced."""


def compare_names(source: Reading, target: Reading, own: Spellings) -> Iterator[CheckFlag]:
    """Flag names: each must keep its spelling, or have that of the target language or of the newsroom."""
    if not source.capitalised:
        return
    kept = KeptNames(source, target, own)
    missing = [fact for fact in source.capitalised if not kept(fact)]
    left = [fact for fact in target.capitalised if fact.value not in kept.known]
    became: dict[str, str] = {}
    changed: list[tuple[Fact, Fact]] = []
    for find in (_nearest, _beside):
        for fact in list(missing):
            other = find(fact, left, source, target, became)
            if other is not None:
                missing.remove(fact)
                left.remove(other)
                became[other.value] = fact.value
                changed.append((fact, other))
    for fact, other in changed:
        message = f"The name “{fact.text}” has become “{other.text}”."
        yield CheckFlag(Code.NAME_CHANGED, message, fact.span, other.span)
    for fact in missing:
        if fact.firm:
            yield missing_fact(Code.NAME_MISSING, fact)


def compare_countries(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag countries, by name or adjective: one that disappeared while another appeared is a change.

    A name copied unchanged into the target may belong to a title ("Bank of America"); other checks flag it.
    """
    missing, added = unmatched(source.countries, target.countries)
    for fact in missing:
        other = likeliest(fact, added, source, target)
        if other is not None:
            added.remove(other)
            message = f"“{fact.text}” has become “{other.text}”."
            yield CheckFlag(Code.COUNTRY_CHANGED, message, fact.span, other.span)
        elif fact.text not in target.text and not _is_compound(fact, target):
            yield missing_fact(Code.NAME_MISSING, fact)


def _is_compound(fact: Fact, target: Reading) -> bool:
    """Whether the adjective of a country is the end of a longer word: "proeuropeos"."""
    return any(
        set(fact.values) & set(codes)
        for word in target.words
        for codes in adjectives_within(word.folded, target.language)
    )


def compare_speakers(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag quotations whose speaker is replaced by another person named in the text."""
    ours, theirs = (
        speaker(r.text, r.words, r.capitalised, r.quotes, r.language) for r in (source, target)
    )
    if not ours or not theirs:
        return
    said, says = ({fact.value for fact in names} for names in (ours, theirs))
    in_source, in_target = ({fact.value for fact in r.capitalised} for r in (source, target))
    if said.isdisjoint(says) and said <= in_target and says <= in_source:
        one, other = whole(ours), whole(theirs)
        message = (
            f"“{source.text[slice(*one)]}” says it in the source, "
            f"“{target.text[slice(*other)]}” in the translation."
        )
        yield CheckFlag(Code.NAME_CHANGED, message, one, other)


def compare_addresses(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag URLs, e-mail addresses, handles and hashtags that are not copied letter by letter."""
    missing, added = unmatched(source.addresses, target.addresses)
    for fact in missing:
        if _occurrences(fact.text, source.text) <= _occurrences(fact.text, target.text):
            continue
        other = likeliest(fact, added, source, target)
        if other is None:
            yield missing_fact(Code.URL_CHANGED, fact)
        else:
            added.remove(other)
            message = f"“{fact.text}” has become “{other.text}”."
            yield CheckFlag(Code.URL_CHANGED, message, fact.span, other.span)


def _occurrences(address: str, text: str) -> int:
    """How often an address occurs in a text, not counting longer addresses: "@bbc" in "@bbcnews"."""
    whole = rf"(?<!\w)(?<!\w[.@-]){re.escape(address)}(?![\w@]|[./?&=#:-]+\w)"
    return len(re.findall(whole, text))


def _nearest(
    fact: Fact, others: Sequence[Fact], source: Reading, target: Reading, became: Became
) -> Fact | None:
    """The name that this one may have become: at most a third of its letters differ.

    A name that is also an ordinary word, like the second word of "Foro Penal", must be in the same
    position. Two such words that are one word in both languages are translations of each other ("Justice",
    "Justicia").
    """
    name = fact.value
    limit = max(1, len(name) // 3)
    best, least = None, limit + 1
    for other in others:
        if not (fact.firm or other.firm) and inflected(name, other.value):
            continue
        longer = len(name) > 3 and name in other.value  # ISIS, ISISIS
        shorter = len(other.value) > 2 and name.startswith(other.value)  # Penal, Pen
        far = limit if longer or shorter else distance(name, other.value, limit)
        if far < least and (
            (fact.firm and other.firm) or _beside(fact, [other], source, target, became, any_=True)
        ):
            best, least = other, far
    return best


def _beside(
    fact: Fact,
    others: Sequence[Fact],
    source: Reading,
    target: Reading,
    became: Became,
    *,
    any_: bool = False,
) -> Fact | None:
    """The unmatched name that is next to the same name as this one: *Alfredo* Romero."""
    after, before = _neighbours(fact.span, source)
    for other in others:
        if not (any_ or (fact.firm and other.firm)):
            continue
        other_after, other_before = _neighbours(other.span, target)
        if (after and after == became.get(other_after, other_after)) or (
            before and before == became.get(other_before, other_before)
        ):
            return other
    return None


def _neighbours(span: Span, reading: Reading) -> tuple[str, str]:
    """The capitalised words directly after and before a span, folded; empty where there is none."""
    after = before = ""
    for word in reading.words:
        if word.capital and word.span.start == span.end + 1:
            after = word.folded
        if word.capital and word.span.end == span.start - 1:
            before = word.folded
    return after, before
