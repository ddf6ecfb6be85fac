"""Facts of two texts against each other: what is missing, changed, added."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from pipeline.checks.countries import adjectives_within
from pipeline.checks.facts import Fact, Kind
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.lexicon import ordinary_words, translated_names
from pipeline.checks.names import whole
from pipeline.checks.own_names import OwnNames
from pipeline.checks.reading import Reading
from pipeline.checks.scores import scores
from pipeline.checks.speakers import speaker
from pipeline.checks.spelling import (
    distance,
    doubled,
    inflected,
    learned,
    reordered,
    sound,
    umlauts,
)
from pipeline.checks.words import Word
from pipeline.spans import Span

Became = dict[str, str]
"""Of names that changed: the target's, and the source's that it was."""

_DATES = (Kind.YEAR, Kind.MONTH, Kind.WEEKDAY, Kind.TIME)
_PREFIXES = {"2": "bi", "3": "tri"}
_BETWEEN = 3
"""Small words that may stand in a name: "Ley de los ..."."""
_FROM_TODAY = frozenset(
    {"hoy", "ayer", "mañana", "anoche", "anteayer", "today", "yesterday", "tomorrow", "tonight"}
)
"""What stands for a day of the week: seen from the day of the article."""
_CALLED = {
    Kind.NUMBER: "number", Kind.YEAR: "year", Kind.MONTH: "month", Kind.WEEKDAY: "day", Kind.TIME: "time",
}  # fmt: skip


def compare_numbers(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Numbers, years and times: every firm one has its like in the other text."""
    yield from _changed_units(source.numbers, target.numbers)
    missing, added = _unmatched(source.numbers, target.numbers)
    for fact in missing:
        other = _likeliest(fact, [o for o in added if fact.firm and o.firm], source, target)
        if other is not None:
            added.remove(other)
            yield _changed(fact, other)
        elif fact.firm and not _is_named(fact, target) and not _is_prefix(fact, source, target):
            yield _missing(Code.NUMBER_MISSING, fact)
    for fact in added:
        if fact.firm and not (fact.value == "2" and fact.text.isalpha()):  # "los dos favoritos"
            yield CheckFlag(
                Code.NUMBER_ADDED, f"“{fact.text}” is not in the source.", target=fact.span
            )


def _is_named(fact: Fact, target: Reading) -> bool:
    """Whether a number in words stands as it was, in a name that is not translated: "High Speed Two"."""
    return fact.text[:1].isupper() and any(word.text == fact.text for word in target.words)


def _is_prefix(fact: Fact, source: Reading, target: Reading) -> bool:
    """Whether a number that a compound begins with begins a word of the target: two-party, bipartidismo."""
    prefix = _PREFIXES.get(fact.value)
    if prefix is None or source.text[fact.span.end : fact.span.end + 1] != "-":
        return False
    return any(word.folded.startswith(prefix) and len(word.text) > 6 for word in target.words)


def _changed_units(ours: Sequence[Fact], theirs: Sequence[Fact]) -> Iterator[CheckFlag]:
    """Numbers that are the same but for their currency, or of which one is a share."""
    for fact in ours:
        likes = [other for other in theirs if fact.means(other)]
        units = {other.unit for other in likes}
        if fact.unit and likes and None not in units and fact.unit not in units:
            yield _changed(fact, likes[0])


def compare_scores(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Results: the same two numbers the other way about are another winner."""
    theirs = scores(target.text)
    for (first, second), span in scores(source.text).items():
        turned = theirs.get((second, first))
        if turned is not None and (first, second) not in theirs:
            message = f"The result “{source.text[slice(*span)]}” has become “{target.text[slice(*turned)]}”."
            yield CheckFlag(Code.NUMBER_CHANGED, message, span, turned)


def compare_speakers(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Quotations: who speaks is not another one of those who are named."""
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


def compare_calendar(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Months and days of the week; a day may be "today", or the day beside it that is named too."""
    missing, added = _unmatched(source.calendar, target.calendar)
    for fact in missing:
        others = [other for other in added if other.kind is fact.kind]
        other = _likeliest(fact, others, source, target)
        if other is not None:
            added.remove(other)
            yield _changed(fact, other)
        elif fact.kind is Kind.MONTH or not _is_said_from_today(source, target):
            yield _missing(Code.DATE_CHANGED, fact)


def _is_said_from_today(source: Reading, target: Reading) -> bool:
    """Whether the target has "yesterday" where the source has not: "tomorrow Thursday" has both."""
    ours, theirs = ({word.lower for word in r.words} & _FROM_TODAY for r in (source, target))
    return bool(theirs) and not ours


def compare_countries(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Countries, by name or adjective: one that went while another came is a change.

    What stands in the target as it was may be a title's ("Bank of America"), and is told elsewhere.
    """
    missing, added = _unmatched(source.countries, target.countries)
    for fact in missing:
        other = _likeliest(fact, added, source, target)
        if other is not None:
            added.remove(other)
            message = f"“{fact.text}” has become “{other.text}”."
            yield CheckFlag(Code.COUNTRY_CHANGED, message, fact.span, other.span)
        elif fact.text not in target.text and not _is_compound(fact, target):
            yield _missing(Code.NAME_MISSING, fact)


def _is_compound(fact: Fact, target: Reading) -> bool:
    """Whether the adjective of a country is the end of a word: "proeuropeos"."""
    return any(
        set(fact.values) & set(codes)
        for word in target.words
        for codes in adjectives_within(word.folded, target.language)
    )


def compare_addresses(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """URLs, e-mail addresses, handles and hashtags: letter by letter."""
    missing, added = _unmatched(source.addresses, target.addresses)
    for fact in missing:
        if source.text.count(fact.text) <= target.text.count(fact.text):
            continue
        other = _likeliest(fact, added, source, target)
        if other is None:
            yield _missing(Code.URL_CHANGED, fact)
        else:
            added.remove(other)
            message = f"“{fact.text}” has become “{other.text}”."
            yield CheckFlag(Code.URL_CHANGED, message, fact.span, other.span)


def compare_names(source: Reading, target: Reading, own: OwnNames) -> Iterator[CheckFlag]:
    """Names: every one is spelled as it was, or as the target's language or the newsroom spells it."""
    if not source.capitalised:
        return
    kept = _Kept(source, target, own)
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
            yield _missing(Code.NAME_MISSING, fact)


class _Kept:
    """Whether a name of the source is in the target."""

    def __init__(self, source: Reading, target: Reading, own: OwnNames) -> None:
        self.known = {fact.value for fact in source.capitalised}
        self._there = {word.folded for word in target.words} | set(_families(target.words))
        self._there |= _joined(target.words).keys() & self.known
        self._there.update(umlauts(word.lower) for word in target.words if word.capital)
        self._sounds: dict[str, list[str]] = {}
        for word in target.words:
            if word.capital:
                self._sounds.setdefault(sound(word.folded), []).append(word.folded)
        ordinary = ordinary_words(target.language)
        self._adapted = [
            word.folded for word in target.words if not word.capital or word.lower in ordinary
        ]
        self._numerals = {
            fact.span
            for fact in source.numbers
            if any(fact.means(other) for other in target.numbers)
        }
        for run in _joined(source.words).items():
            if run[0] in self._there:
                self._there.update(run[1])
        self._acronyms = [word.folded for word in target.words if word.text.isupper()]
        self._initials = _initials(target.words)
        self._english = source.language == "en"
        self._table = translated_names(source.language, target.language)
        self._own = own.between(source.language, target.language)

    def __call__(self, fact: Fact) -> bool:
        name = fact.value
        if name in self._there or umlauts(fact.text) in self._there:
            return True
        if fact.span in self._numerals:
            return True  # World War II is "la Segunda Guerra Mundial"
        if any(not doubled(name, word) for word in self._sounds.get(sound(name), ())):
            return True
        translations = self._table.get(name, frozenset())
        if not translations.isdisjoint(self._there):
            return True
        if not self._own.get(name, frozenset()).isdisjoint(self._there):
            return True
        if fact.text.isupper() and (
            any(reordered(name, word) for word in self._acronyms)
            or any(_spelled_out(name, run) for run in self._initials)
        ):
            return True
        if fact.text[:-1].isupper() and fact.text[-1] == "s" and name[:-1] in self._there:
            return True  # an acronym's plural
        if self._english and name.endswith(("ian", "ians")):
            region = name.rstrip("s")[:-1]  # Moravian: of Moravia
            forms = self._table.get(region, frozenset())
            if region in self._there or sound(region) in self._sounds or forms & self._there:
                return True
        heard = sound(name)
        return any(
            inflected(heard, sound(word)) or (len(name) > 5 and heard in sound(word))
            for word in self._adapted
        ) or any(learned(name, word) for word in self._there)


def _joined(words: Sequence[Word]) -> dict[str, list[str]]:
    """What two or three words in a row are when written as one, and the words: Al Qaeda, Alqaeda."""
    folded = [word.folded for word in words]
    return {
        "".join(run): run
        for size in (2, 3)
        for start in range(len(folded) - size + 1)
        if (run := folded[start : start + size])
    }


def _initials(words: Sequence[Word]) -> list[str]:
    """The first letters of capitalised words in a row, those of other words between them left out."""
    runs, between = [""], 0
    for word in words:
        if word.capital:
            runs[-1] += word.folded[:1]
            between = 0
        elif (between := between + 1) > _BETWEEN and runs[-1]:
            runs.append("")
    return runs


def _spelled_out(acronym: str, initials: str) -> bool:
    """Whether the initials are an acronym's letters, in the order of another language or its own."""
    size, letters = len(acronym), sorted(acronym)
    return size > 2 and any(
        sorted(initials[start : start + size]) == letters
        for start in range(len(initials) - size + 1)
    )


def _families(words: Sequence[Word]) -> Iterator[str]:
    """Families as the other language names them: "los Romero" are "the Romeros"."""
    for article, word in pairwise(words):
        if word.capital and article.lower in ("los", "las"):
            yield f"{word.folded}s"
            yield word.folded.removesuffix("s")  # "los Chagals"
            yield word.folded.removesuffix("es")  # "los Inuites"
        elif word.capital and article.lower == "the" and word.folded.endswith("s"):
            yield word.folded.removesuffix("s")


def _unmatched(ours: Sequence[Fact], theirs: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts of either text whose like is not in the other."""
    if not ours and not theirs:
        return [], []
    our_values = {value for fact in ours for value in fact.values}
    their_values = {value for fact in theirs for value in fact.values}
    return (
        [fact for fact in ours if their_values.isdisjoint(fact.values)],
        [fact for fact in theirs if our_values.isdisjoint(fact.values)],
    )


def _likeliest(fact: Fact, others: Sequence[Fact], source: Reading, target: Reading) -> Fact | None:
    """Of the unexplained facts the one in the nearest place."""
    place = fact.span.start / len(source.text)
    far: Callable[[Fact], float] = lambda o: abs(o.span.start / len(target.text) - place)  # noqa: E731
    return min(others, key=far, default=None)


def _changed(fact: Fact, other: Fact) -> CheckFlag:
    kind = other.kind if fact.kind is Kind.NUMBER else fact.kind
    return CheckFlag(
        Code.DATE_CHANGED if kind in _DATES else Code.NUMBER_CHANGED,
        f"The {_CALLED[kind]} “{fact.text}” has become “{other.text}”.",
        fact.span,
        other.span,
    )


def _missing(code: Code, fact: Fact) -> CheckFlag:
    return CheckFlag(code, f"“{fact.text}” is missing from the translation.", fact.span)


def _nearest(
    fact: Fact, others: Sequence[Fact], source: Reading, target: Reading, became: Became
) -> Fact | None:
    """The name that this one may have become: a third of its letters differ at most.

    A word that is ordinary too, as the second of "Foro Penal", has to stand in the same place; two of
    such that are one word of both languages are its translation ("Justice", "Justicia").
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
    """The unexplained name that stands beside the same name as this one: *Alfredo* Romero."""
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
    """The capitalised words right after and right before a span, folded; empty where there is none."""
    after = before = ""
    for word in reading.words:
        if word.capital and word.span.start == span.end + 1:
            after = word.folded
        if word.capital and word.span.end == span.start - 1:
            before = word.folded
    return after, before
