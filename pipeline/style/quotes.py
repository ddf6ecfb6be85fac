"""Quotation marks in the house's style, paired and nested, across the sentences of a paragraph.

Models are trained on straight marks and give them back (`models.engines.tokenizer`). Which
of them open and which close is told by what stands around each and by what is open already;
each becomes one character, so that places in a text stay right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from models.language_codes import primary_subtag
from pipeline.protect.literal import TAG
from pipeline.requests import QuoteStyle

_MARKS: dict[QuoteStyle, tuple[tuple[str, str], tuple[str, str]]] = {
    "curly": (("“", "”"), ("‘", "’")),
    "angled": (("«", "»"), ("“", "”")),
}
"""Of each style the outer pair and the inner one."""
_STYLED = {"en", "es", "pt", "it", "ca", "gl", "eu"}
"""Languages whose press uses either style; others' marks stay as the model wrote them."""
_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‛"
_OPENING = "“„‟«‘‚‛"
_BEFORE_OPENING = "([{¿¡—–-/>"
_AFTER_CLOSING = ",.;:!?)]}"
_MOST_MARKS = 8
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
"""Marks in a tag are its syntax."""
_DEEPEST = 8
"""Open marks that are looked at: no text nests quotations deeper, and a hostile one may open thousands."""
_OPENING_PLACE = re.compile(r"^|[,.;:?!)] +(?=[\w¿¡])|[(—]")
_CLOSING_PLACE = re.compile(r"\w(?=[,.;:)])|[?!](?!\w)|\w$")
"""Where a clause begins, and where one ends."""


def in_style(sentences: Sequence[str], style: QuoteStyle, language: str) -> list[str]:
    """The sentences of one paragraph with their quotation marks in the style; no length changes.

    A quotation that is open at a sentence's end goes on in the next. Apostrophes are none of it.
    """
    if primary_subtag(language) not in _STYLED:
        return list(sentences)
    open_marks: list[str] = []
    return [_restyled(sentence, _MARKS[style], open_marks) for sentence in sentences]


def paired(source: str, target: str) -> str:
    """The translation with the double marks that its source has and it lost, and no others.

    What is there is matched with the source's marks by its place in the text; a mark that is missing
    goes to the nearest end of a clause, one too many goes. As it is where there are too many to say.
    """
    ours = [mark for mark in _marks(source, []) if source[mark.place] in _DOUBLE]
    theirs = [mark for mark in _marks(target, []) if target[mark.place] in _DOUBLE]
    if len(ours) == len(theirs) or max(len(ours), len(theirs)) > _MOST_MARKS:
        return target
    if len(ours) < len(theirs):
        kept = _nearest(theirs, target, ours, source)
        gone = {mark.place for mark in theirs} - {mark.place for mark in kept}
        return "".join(c for place, c in enumerate(target) if place not in gone)
    lost = set(ours) - set(_nearest(ours, source, theirs, target))
    for mark in sorted(lost, reverse=True):
        ends = _OPENING_PLACE if mark.opens else _CLOSING_PLACE
        wished = mark.place / len(source) * len(target)
        places = [match.end() for match in ends.finditer(target)]
        if places:
            place = min(places, key=lambda end: abs(end - wished))
            target = target[:place] + '"' + target[place:]
    return target


def _nearest(
    marks: Sequence["_Mark"], text: str, others: Sequence["_Mark"], other_text: str
) -> Sequence["_Mark"]:
    """As many of the marks as there are others, those whose places in their text are most like."""

    def far(chosen: Sequence[_Mark]) -> float:
        return sum(
            abs(a.place / len(text) - b.place / len(other_text)) + (a.opens != b.opens)
            for a, b in zip(chosen, others, strict=True)
        )

    return min(combinations(marks, len(others)), key=far)


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """A quotation mark; `depth` is 1 for the outermost."""

    place: int
    opens: bool
    depth: int


def _restyled(text: str, pairs: Sequence[tuple[str, str]], open_marks: list[str]) -> str:
    """The text with its marks restyled; `open_marks` are the kinds of mark open, which it updates."""
    characters = list(text)
    for mark in _marks(text, open_marks):
        opening, closing = pairs[min(mark.depth, len(pairs)) - 1]
        characters[mark.place] = opening if mark.opens else closing
    return "".join(characters)


def _marks(text: str, open_marks: list[str]) -> Iterator[_Mark]:
    """The text's quotation marks in order, but for those in tags; it keeps `open_marks` up to date."""
    # Blanked to the same length: the marks around an attribute's value are part of the tag.
    text = TAG.sub(lambda tag: " " * len(tag[0]), text)
    last_closing = max(
        (
            place
            for place, character in enumerate(text)
            if character in _SINGLE and not text[place + 1 : place + 2].isalnum()
        ),
        default=-1,
    )
    tags = _TAG.finditer(text) if "<" in text else ()
    in_tag = {place for tag in tags for place in range(*tag.span())}
    for place, character in enumerate(text):
        if place in in_tag:
            continue
        kind = '"' if character in _DOUBLE else "'" if character in _SINGLE else ""
        if not kind or (kind == "'" and _is_apostrophe(text, place, open_marks, last_closing)):
            continue
        if _opens(text, place, kind, open_marks):
            open_marks.append(kind)
            yield _Mark(place, True, len(open_marks))
        else:
            yield _Mark(place, False, _close(open_marks, kind))


def _is_apostrophe(text: str, place: int, open_marks: Sequence[str], last_closing: int) -> bool:
    """Whether a single mark is none of a quotation; `last_closing` is the last that may close one."""
    before, after = _around(text, place)
    if before.isalnum():
        return after.isalnum() or not _is_open("'", open_marks)
    # What opens with a single mark must close with one: "'90s" does not.
    return not _is_open("'", open_marks) and last_closing <= place + 1


def _is_open(kind: str, open_marks: Sequence[str]) -> bool:
    return kind in open_marks[-_DEEPEST:]


def _opens(text: str, place: int, kind: str, open_marks: Sequence[str]) -> bool:
    before, after = _around(text, place)
    if before in _DOUBLE + _SINGLE and before not in _OPENING:
        # A mark after a mark opens where that one does: at the text's beginning, or after space.
        before = text[place - 2 : place - 1] if place > 1 else ""
    may_open = not before.strip() or before in _BEFORE_OPENING + _OPENING
    leans_on_what_follows = bool(after.strip()) and after not in _AFTER_CLOSING
    return may_open and (leans_on_what_follows or not _is_open(kind, open_marks))


def _around(text: str, place: int) -> tuple[str, str]:
    return text[place - 1 : place], text[place + 1 : place + 2]


def _close(open_marks: list[str], kind: str) -> int:
    """Close the innermost open mark of the kind, and what is left open inside it; its depth."""
    while open_marks:
        depth = len(open_marks)
        if open_marks.pop() == kind:
            return depth
    return 1
