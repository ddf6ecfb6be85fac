"""Facts of two texts against each other: what is missing, changed, added."""

from collections.abc import Iterator, Sequence

from workers.checks.facts import Fact, Kind
from workers.checks.flags import Code, Flag
from workers.checks.reading import Reading
from workers.checks.spelling import distance, sound


def compare_numbers(source: Reading, target: Reading) -> Iterator[Flag]:
    """Numbers, years among them: every firm one has its like in the other text."""
    ours, theirs = source.numbers, target.numbers
    missing = [fact for fact in ours if not _said(fact, theirs)]
    added = [fact for fact in theirs if not _said(fact, ours)]
    for fact in missing:
        other = _likeliest(fact, added, source, target)
        if other is not None:
            added.remove(other)
            yield _changed(fact, other)
        elif fact.firm:
            yield Flag(
                Code.NUMBER_MISSING, f"“{fact.text}” is missing from the translation.", fact.span
            )
    for fact in added:
        if fact.firm:
            yield Flag(Code.NUMBER_ADDED, f"“{fact.text}” is not in the source.", target=fact.span)


def compare_names(source: Reading, target: Reading) -> Iterator[Flag]:
    """Names: every one is spelled as it was, or as the target's language spells it."""
    there = {word.folded for word in target.words}
    sounds = {sound(word.folded) for word in target.words if word.capital}
    run_on = "".join(word.folded for word in target.words)
    known = {fact.value for fact in source.names}
    left = [fact for fact in target.names if fact.value not in known]
    for fact in source.names:
        name = fact.value
        if name in there or sound(name) in sounds or (len(name) > 3 and name in run_on):
            continue
        other = _nearest(name, left)
        if other is not None:
            left.remove(other)
            yield Flag(
                Code.NAME_CHANGED,
                f"The name “{fact.text}” has become “{other.text}”.",
                fact.span,
                other.span,
            )
        else:
            yield Flag(
                Code.NAME_MISSING,
                f"The name “{fact.text}” is missing from the translation.",
                fact.span,
            )


def _said(fact: Fact, others: Sequence[Fact]) -> bool:
    return any(fact.means(other) for other in others)


def _likeliest(fact: Fact, others: list[Fact], source: Reading, target: Reading) -> Fact | None:
    """Of the unexplained numbers the one in the nearest place; a loose one pairs with a firm one."""
    fits = [other for other in others if fact.firm and other.firm]
    place = fact.span.start / len(source.text)
    return min(fits, key=lambda o: abs(o.span.start / len(target.text) - place), default=None)


def _changed(fact: Fact, other: Fact) -> Flag:
    is_date = Kind.YEAR in (fact.kind, other.kind)
    return Flag(
        Code.DATE_CHANGED if is_date else Code.NUMBER_CHANGED,
        f"{'The year' if is_date else 'The number'} “{fact.text}” has become “{other.text}”.",
        fact.span,
        other.span,
    )


def _nearest(name: str, others: Sequence[Fact]) -> Fact | None:
    """The name that this one may have become: a third of its letters differ at most."""
    limit = max(1, len(name) // 3)
    best, least = None, limit + 1
    for other in others:
        far = distance(name, other.value, limit)
        if far < least:
            best, least = other, far
    return best
