"""Inline markup of a block, moved to the words of its translation.

Where a sentence is told word by word (`models.engines.alignment`), markup covers the run of words that
come from the words it covered: the run with the largest sum of shares over `_LEAST_SHARE`, with what comes
from them further off, and without words at its ends that rather come from others. Markup never cuts a word
that it did not cut in the source, and what is nested stays nested.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from models.engines.alignment import Alignment
from pipeline.documents.document import Inline, Part
from pipeline.errors import InvalidDocument
from pipeline.spans import Span

_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|\w+(?:['’.,-]\w+)*"
)
"""A word; of languages that do not part words, a character."""
_LEAST_SHARE = 0.35
"""The share of a word that must come from what is marked for it to be marked. Chosen by examples."""
_SMALL_WORD, _LOOSE_SHARE = 4, 0.25
"""A word of so few letters is left out at an end of what is marked, where so much of it comes from a word
outside. Chosen by examples."""
_OWN_SHARE, _FAR = 0.5, 8
"""A longer word of which so much comes from what is marked is marked, up to so many words off. Chosen on
newstest2010, with `_FOREIGN`."""
_FOREIGN = 0.5
"""A word is left out at an end where a word outside has more than this of what the marked ones have of it."""
_TRACE = 0.05
"""A share so small is chance."""
_MOST_LINKS = 160_000
"""Pairs of words of one sentence that are looked at: 400 words in both languages."""
_MOST_INLINES = 1000
"""Inlines of one block: each is looked at with its neighbours."""
_SPREAD = 0.15
"""Without an alignment words of like place are linked: how far apart they may be, of a sentence."""
_INVERTED = "¿¡"


class _Linked:
    """A part, with the words of both its texts and the links between them."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.source, self.target = part.source, part.target

    @cached_property
    def words(self) -> tuple[list[Span], list[Span]]:
        """The words of both texts, by their spans."""
        return word_spans(self.source), word_spans(self.target)

    @cached_property
    def is_linked(self) -> bool:
        """Whether the sentence is short enough to link each word with each; else words go by place alone."""
        ours, theirs = self.words
        return len(ours) * len(theirs) <= _MOST_LINKS

    @cached_property
    def links(self) -> list[list[float]]:
        """For each word of the translation the share of each word of the source in it."""
        ours, theirs = self.words
        if self.part.alignment is None:
            rows = [
                [
                    _nearness((i + 0.5) / len(theirs), (j + 0.5) / len(ours))
                    for j in range(len(ours))
                ]
                for i in range(len(theirs))
            ]
        else:
            rows = by_words(self.part.alignment, ours, theirs)
        _link_copies(rows, _texts(self.source, ours), _texts(self.target, theirs))
        if self.part.alignment is not None:
            # A word that another one has more of is less likely to be in this one too: "potential
            # terrorists" is not "terroristas" twice.
            columns = [sum(column) or 1 for column in zip(*rows, strict=True)]
            rows = [[s * s / total for s, total in zip(row, columns, strict=True)] for row in rows]
        totals = [sum(row) or 1 for row in rows]
        return [[share / total for share in row] for row, total in zip(rows, totals, strict=True)]

    def is_small(self, number: int) -> bool:
        """Whether a word of the translation is as short as articles and prepositions are."""
        start, end = self.words[1][number]
        return end - start <= _SMALL_WORD


class Moved:
    """The text of a block translated, and where each of its inlines stands there."""

    def __init__(self, text: str, inlines: Sequence[Inline], parts: Sequence[Part]) -> None:
        if len(inlines) > _MOST_INLINES:
            raise InvalidDocument(
                f"A paragraph has more than {_MOST_INLINES} tags or changes of style: simplify it."
            )
        self._source = text
        self._inlines = inlines
        self._parts = parts
        self._linked = [_Linked(part) for part in parts]
        self._starts: list[int] = []
        pieces, place, length = [], 0, 0
        for part in parts:
            gap = text[place : part.start]
            pieces += [gap, part.target]
            self._starts.append(length + len(gap))
            length += len(gap) + len(part.target)
            place = part.end
        self.text = "".join([*pieces, text[place:]])
        self.spans: dict[int, Span] = {}
        self._kept = self._place_kept()
        children: dict[int | None, list[int]] = {}
        for number, inline in enumerate(inlines):
            children.setdefault(inline.parent, []).append(number)
        self._move(children, None, Span(0, len(self.text)))

    def _move(
        self, children: Mapping[int | None, Sequence[int]], parent: int | None, bounds: Span
    ) -> None:
        """Give the children of an inline their spans within its own, which do not overlap."""
        taken: list[Span] = []
        siblings = children.get(parent, ())
        # What is kept, or has it, is never cut; then the longer ones: a point has room everywhere.
        for number in sorted(
            siblings,
            key=lambda n: (n not in self._kept, self._inlines[n].start - self._inlines[n].end),
        ):
            others = [self._inlines[n] for n in siblings if n != number]
            wished = self._wished(self._inlines[number], others, bounds)
            rivals = [self._kept[n] for n in siblings if n in self._kept and n != number]
            span = _free(wished, bounds, [*taken, *rivals])
            if kept := self._kept.get(number):
                span = kept if self._inlines[number].kept else _hull(span, kept)
            self.spans[number] = span
            if span.start < span.end:
                taken.append(span)
            self._move(children, number, span)

    def _place_kept(self) -> dict[int, Span]:
        """Where each inline that is kept stands, and for those around it from the first to the last."""
        spans: dict[int, Span] = {}
        taken: set[int] = set()
        for number, inline in enumerate(self._inlines):
            if not inline.kept:
                continue
            wished = self._moved(inline, (), Span(0, len(self.text)))
            span = self._copy(self._source[inline.start : inline.end], wished, taken)
            outer: int | None = number
            while outer is not None:
                spans[outer] = _hull(spans.get(outer, span), span)
                outer = self._inlines[outer].parent
        return spans

    def _wished(self, inline: Inline, others: Sequence[Inline], bounds: Span) -> Span:
        """Where the inline would stand if it had the block to itself."""
        wished = self._moved(inline, others, bounds)
        if not inline.opening:
            return Span(bounds.start, wished.end)
        # What another block closes lasts as long as this one.
        return Span(wished.start, bounds.end) if _is_open(inline) else wished

    def _moved(self, inline: Inline, others: Sequence[Inline], bounds: Span) -> Span:
        if inline.start == inline.end:
            place = self._point(inline.start, bounds)
            return Span(place, place)
        first = self._part_at(inline.start, after=True)
        last = self._part_at(inline.end, after=False)
        if first is None or last is None or first > last:
            return Span(self._point(inline.start, bounds), self._point(inline.end, bounds))
        if first == last:
            return self._within(first, inline.start, inline.end, others)
        start = self._within(first, inline.start, self._parts[first].end, others).start
        end = self._within(last, self._parts[last].start, inline.end, others).end
        return Span(start, max(start, end))

    def _copy(self, text: str, wished: Span, taken: set[int]) -> Span:
        """Where the text stands as it is, nearest to the wished span; that span if it does nowhere.

        The same text a second time stands elsewhere, or is a point after the first.
        """
        places = [match.start() for match in re.finditer(re.escape(text), self.text)]
        if not text or not places:
            return wished
        free = [place for place in places if place not in taken]
        start = min(free or places, key=lambda place: abs(place - wished.start))
        taken.add(start)
        return Span(start if free else start + len(text), start + len(text))

    def _within(self, number: int, start: int, end: int, others: Iterable[Inline]) -> Span:
        """The span in the translation for a span of one sentence's source."""
        part, base = self._parts[number], self._starts[number]
        start, end = max(start - part.start, 0), min(end - part.start, part.end - part.start)
        if part.source == part.target:
            return Span(base + start, base + end)
        covered = _trimmed(part.source, start, end)
        if not part.source[: covered.start].strip() and not part.source[covered.end :].strip():
            return Span(base, base + len(part.target))
        rivals = [
            Span(other.start - part.start, other.end - part.start)
            for other in others
            if other.end > other.start
        ]
        found = _projected(self._linked[number], covered, rivals)
        return Span(base + found.start, base + found.end)

    def _point(self, place: int, bounds: Span) -> int:
        """The place in the translation for a place in the source."""
        if place <= 0:
            return bounds.start
        if place >= len(self._source):
            return bounds.end
        for number, part in enumerate(self._parts):
            if place <= part.start:
                return self._starts[number] - (part.start - place)
            if place <= part.end:
                return self._starts[number] + _point(self._linked[number], place - part.start)
        last = self._parts[-1] if self._parts else None
        return len(self.text) - (len(self._source) - place) if last else place

    def _part_at(self, place: int, *, after: bool) -> int | None:
        """The sentence that has the character after the place, or before it; else the nearest."""
        for number, part in enumerate(self._parts):
            if after and place < part.end:
                return number
            if not after and part.start < place <= part.end:
                return number
            if not after and place <= part.start:
                return number - 1 if number else None
        return len(self._parts) - 1 if self._parts and not after else None


def _projected(part: _Linked, covered: Span, rivals: Sequence[Span]) -> Span:
    """The run of the translation's words that come from the covered ones; for a part of a word a part."""
    ours, theirs = part.words
    inside = [
        j for j, word in enumerate(ours) if word.start < covered.end and covered.start < word.end
    ]
    if not inside or not theirs:
        place = _point(part, covered.start)
        return Span(place, place)
    if len(inside) == 1 and (
        covered.start > ours[inside[0]].start or covered.end < ours[inside[0]].end
    ):
        return _part_of_word(part, inside[0], covered)
    if part.is_linked:
        own = set(inside)
        others = [_inside(ours, rival) - own for rival in rivals]
        run = _best_run(part.links, own, others)
        run = _with_distant_words(part, run, own, others)
        run = _without_loose_ends(part, run, own)
    else:
        run = _target_of(part, inside[0]), _target_of(part, inside[-1])
    start, end = theirs[run[0]].start, theirs[run[1]].end
    before = _marks(part.source[covered.start : ours[inside[0]].start])
    after = _marks(part.source[ours[inside[-1]].end : covered.end])
    while (
        start > 0
        and _is_mark(part.target[start - 1])
        and (before > 0 or (after and part.target[start - 1] in _INVERTED))
    ):
        start, before = start - 1, before - 1
    while after > 0 and end < len(part.target) and _is_mark(part.target[end]):
        end, after = end + 1, after - 1
    return Span(start, end)


def _best_run(
    links: Sequence[Sequence[float]], inside: set[int], rivals: Sequence[set[int]]
) -> tuple[int, int]:
    """The first and the last word of the run that comes from the words `inside` (Kadane's algorithm)."""
    shares = [_share(row, inside) for row in links]
    best, found, total, start = 0.0, (-1, -1), 0.0, 0
    for number, (row, share) in enumerate(zip(links, shares, strict=True)):
        rival = 0.0
        if share > _TRACE:  # else it is no part of the run, whose ever it is
            rival = max((_share(row, other) for other in rivals), default=0.0)
        if total <= 0:
            total, start = 0.0, number
        total += share - max(_LEAST_SHARE, rival)
        if total > best:
            best, found = total, (start, number)
    if found[0] < 0:
        likeliest = max(range(len(shares)), key=shares.__getitem__)
        return likeliest, likeliest
    return found


def _with_distant_words(
    part: _Linked, run: tuple[int, int], inside: set[int], rivals: Sequence[set[int]]
) -> tuple[int, int]:
    """The run up to the words around it that come from inside too, over words of neither: for "plant in
    Nošovice" all of "fábrica de automóviles Hyundai en Nošovice". It ends at a word of a rival.
    """

    def reach(end: int, numbers: Iterable[int]) -> int:
        for number in numbers:
            row = part.links[number]
            if any(_share(row, rival) > _OWN_SHARE for rival in rivals):
                break
            if not part.is_small(number) and _share(row, inside) >= _OWN_SHARE:
                end = number
        return end

    first, last = run
    before = range(first - 1, max(first - 1 - _FAR, -1), -1)
    after = range(last + 1, min(last + 1 + _FAR, len(part.links)))
    return reach(first, before), reach(last, after)


def _without_loose_ends(part: _Linked, run: tuple[int, int], inside: set[int]) -> tuple[int, int]:
    """The run without the words at its ends that rather come from outside, and without articles and
    prepositions that may, or that stand before such a word.
    """

    def outside(number: int) -> float:
        return max((s for j, s in enumerate(part.links[number]) if j not in inside), default=0.0)

    def is_foreign(number: int) -> bool:
        return outside(number) > _FOREIGN * _share(part.links[number], inside)

    def is_loose(number: int, inner: int) -> bool:
        if is_foreign(number):
            return True
        return part.is_small(number) and (
            outside(number) >= _LOOSE_SHARE or (not part.is_small(inner) and is_foreign(inner))
        )

    first, last = run
    while first < last and is_loose(first, first + 1):
        first += 1
    while first < last and is_loose(last, last - 1):
        last -= 1
    return first, last


def _part_of_word(part: _Linked, number: int, covered: Span) -> Span:
    """Where the part of one word goes: the same letters of a copy, the first letters of a beginning, the
    word where the part is most of it; else no letter, at the word's end.
    """
    ours, theirs = part.words
    word = ours[number]
    target = theirs[_target_of(part, number)]
    source_text, target_text = part.source[slice(*word)], part.target[slice(*target)]
    head, tail = covered.start - word.start, covered.end - word.start
    if source_text == target_text:
        return Span(target.start + head, target.start + tail)
    if head > 0 and tail >= len(source_text) and target_text.startswith(source_text[:head]):
        return Span(target.start + head, target.end)
    if head <= 0 and covered.start == 0 and tail < len(target_text):
        return Span(target.start, target.start + tail)
    if (tail - head) * 2 >= len(source_text) and head <= 0:
        return target
    return Span(target.end, target.end)


def _point(part: _Linked, place: int) -> int:
    """The place in a translation for a place in its source: after the word before it, if it touches that
    or a mark after it; else before the word after it.
    """
    source, target = part.source, part.target
    if source == target or place <= 0:
        return place
    ours, theirs = part.words
    if not source[place:].strip() or not ours or not theirs:
        return len(target)
    if not source[:place].strip():
        return 0
    before = [j for j, word in enumerate(ours) if word.end <= place]
    after = [j for j, word in enumerate(ours) if word.start >= place]
    touches = not source[place - 1].isspace()
    if before and (touches or not after):
        end = theirs[_target_of(part, before[-1])].end
        marks = _marks(source[ours[before[-1]].end : place])
        while marks > 0 and end < len(target) and _is_mark(target[end]):
            end, marks = end + 1, marks - 1
        return end
    if after:
        return theirs[_target_of(part, after[0])].start
    return len(target)


def _target_of(part: _Linked, number: int) -> int:
    """The word of the translation that has most of the source's word."""
    ours, theirs = part.words
    if not part.is_linked:
        return number * len(theirs) // len(ours)
    return max(range(len(part.words[1])), key=lambda i: part.links[i][number])


def by_words(
    alignment: Alignment, ours: Sequence[Span], theirs: Sequence[Span]
) -> list[list[float]]:
    """The shares of words in words: of a word's tokens the mean, of those of a source's word the sum."""
    columns = [_inside(alignment.sources, word) for word in ours]
    return [
        [
            sum(alignment.weights[i][j] for i in rows for j in of_word) / max(len(rows), 1)
            for of_word in columns
        ]
        for rows in (_inside(alignment.targets, word) for word in theirs)
    ]


def _share(row: Sequence[float], words: Iterable[int]) -> float:
    """How much of a word of the translation comes from these words of the source."""
    return sum(row[j] for j in words)


def _link_copies(rows: list[list[float]], ours: Sequence[str], theirs: Sequence[str]) -> None:
    """Link a word that stands once in each text, in the same letters, with itself alone."""
    for i, word in enumerate(theirs):
        if ours.count(word) == 1 and theirs.count(word) == 1:
            rows[i] = [float(other == word) for other in ours]


def _is_open(inline: Inline) -> bool:
    return not inline.closing and not inline.kept and inline.start < inline.end


def _hull(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))


def _free(wished: Span, bounds: Span, taken: Iterable[Span]) -> Span:
    """The wished span, cut to its bounds and to what is not taken; a point beside it if nothing is left."""
    start = min(max(wished.start, bounds.start), bounds.end)
    end = min(max(wished.end, start), bounds.end)
    for other in taken:
        if start < other.end and other.start < end:
            before, after = Span(start, other.start), Span(other.end, end)
            start, end = max(before, after, key=lambda span: span.end - span.start)
            end = max(start, end)
        elif start == end and other.start < start < other.end:
            start = end = other.end
    return Span(start, end)


def word_spans(text: str) -> list[Span]:
    """The words of a text."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def _texts(text: str, spans: Iterable[Span]) -> list[str]:
    return [text[slice(*span)].casefold() for span in spans]


def _inside(spans: Sequence[Span] | Sequence[tuple[int, int]], outer: Span) -> set[int]:
    """The numbers of the spans that overlap another."""
    return {n for n, (start, end) in enumerate(spans) if start < outer.end and outer.start < end}


def _trimmed(text: str, start: int, end: int) -> Span:
    bare = text[start:end].strip()
    begin = text.index(bare, start) if bare else start
    return Span(begin, begin + len(bare))


def _nearness(ours: float, theirs: float) -> float:
    distance: float = 2.0 ** -(((ours - theirs) / _SPREAD) ** 2)
    return distance


def _marks(text: str) -> int:
    return sum(map(_is_mark, text))


def _is_mark(character: str) -> bool:
    return not character.isspace() and not character.isalnum()
