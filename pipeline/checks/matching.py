"""Match the facts of two texts: find those without a counterpart, and those that replaced them."""

from collections.abc import Callable, Sequence

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.reading import Reading

_DATES = (Kind.YEAR, Kind.MONTH, Kind.WEEKDAY, Kind.TIME)
_CALLED = {
    Kind.NUMBER: "number", Kind.YEAR: "year", Kind.MONTH: "month", Kind.WEEKDAY: "day", Kind.TIME: "time",
}  # fmt: skip


def unmatched(ours: Sequence[Fact], theirs: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts of each text that have no counterpart in the other."""
    if not ours and not theirs:
        return [], []
    our_values = {value for fact in ours for value in fact.values}
    their_values = {value for fact in theirs for value in fact.values}
    return (
        [fact for fact in ours if their_values.isdisjoint(fact.values)],
        [fact for fact in theirs if our_values.isdisjoint(fact.values)],
    )


def likeliest(fact: Fact, others: Sequence[Fact], source: Reading, target: Reading) -> Fact | None:
    """The unmatched fact at the nearest relative position."""
    place = fact.span.start / len(source.text)
    far: Callable[[Fact], float] = lambda o: abs(o.span.start / len(target.text) - place)  # noqa: E731
    return min(others, key=far, default=None)


def changed(fact: Fact, other: Fact) -> CheckFlag:
    """The flag for a fact that was replaced by another."""
    kind = other.kind if fact.kind is Kind.NUMBER else fact.kind
    return CheckFlag(
        Code.DATE_CHANGED if kind in _DATES else Code.NUMBER_CHANGED,
        f"The {_CALLED[kind]} “{fact.text}” has become “{other.text}”.",
        fact.span,
        other.span,
    )


def missing_fact(code: Code, fact: Fact) -> CheckFlag:
    """The flag for a fact that is missing from the translation."""
    return CheckFlag(code, f"“{fact.text}” is missing from the translation.", fact.span)
