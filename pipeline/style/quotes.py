"""Quotation marks in the house style, paired and nested, across the sentences of a paragraph.

Models are trained on straight marks and return them (`models.engines.tokenizer`). Which marks open and
which close is decided from the surrounding text and from the marks already open; each mark is replaced by
one character, so that positions in the text stay valid.
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
"""The outer and the inner pair of each style."""
_STYLED = {"en", "es", "pt", "it", "ca", "gl", "eu"}
"""Languages whose press uses either style; in other languages the marks stay as the model wrote them."""
_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‛"
_OPENING = "“„‟«‘‚‛"
_BEFORE_OPENING = "([{¿¡—–-/"
_AFTER_CLOSING = ",.;:!?)]}"
_MOST_MARKS = 8
_DEEPEST = 8
"""Maximum number of open marks tracked: no text nests deeper, and a hostile one may open thousands."""
_OPENING_PLACE = re.compile(r"^|[,.;:?!)] +(?=[\w¿¡])|[(—]")
_CLOSING_PLACE = re.compile(r"\w(?=[,.;:)])|[?!](?!\w)|\w$")
"""Where a clause begins, and where one ends."""


def in_style(sentences: Sequence[str], style: QuoteStyle, language: str) -> list[str]:
    """Restyle the quotation marks in the sentences of one paragraph; no length changes.

    A quotation still open at the end of a sentence continues in the next. Apostrophes are not affected.
    """
    if primary_subtag(language) not in _STYLED:
        return list(sentences)
    open_marks: list[str] = []
    return [_restyled(sentence, _MARKS[style], open_marks) for sentence in sentences]


def paired(source: str, target: str) -> str:
    """Add marks that the translation lost from its source, and remove any extra double ones.

    Existing marks are matched with the source's by their position in the text; a missing mark is added at
    the nearest end of a clause, an extra one is removed. Unchanged if there are too many marks to decide.
    """
    nested = _nested(source, target)
    if nested is not None:
        return nested
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


def _nested(source: str, target: str) -> str | None:
    """The translation with the marks of a source with a quotation inside a quotation; None for others.

    A model writes double marks for both, and one where two close together: a mark next to another in the
    source is added next to its counterpart.
    """
    ours, theirs = list(_marks(source, [])), list(_marks(target, []))
    inner = [mark for mark in ours if source[mark.place] in _SINGLE]
    if not inner or len(inner) == len(ours) or not len(inner) <= len(theirs) <= len(ours):
        return None
    if len(ours) > _MOST_MARKS:
        return None
    kept = list(_nearest(ours, source, theirs, target))
    place_of = {our.place: their.place for our, their in zip(kept, theirs, strict=True)}
    written = {there: "'" if source[here] in _SINGLE else '"' for here, there in place_of.items()}
    for mark in ours:
        if mark.place in place_of:
            continue
        beside = [
            (here, there)
            for here, there in place_of.items()
            if not any(map(str.isalnum, source[min(here, mark.place) : max(here, mark.place)]))
        ]
        if len(beside) != 1:
            return None
        (here, there), own = beside[0], "'" if source[mark.place] in _SINGLE else '"'
        written[there] = written[there] + own if here < mark.place else own + written[there]
    return "".join(written.get(place, character) for place, character in enumerate(target))


def _nearest(
    marks: Sequence["_Mark"], text: str, others: Sequence["_Mark"], other_text: str
) -> Sequence["_Mark"]:
    """As many of the marks as there are others, those whose relative positions are the most similar."""

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
    """Restyle the marks of a text; `open_marks` has the kinds of the open marks, and is updated."""
    characters = list(text)
    for mark in _marks(text, open_marks):
        opening, closing = pairs[min(mark.depth, len(pairs)) - 1]
        characters[mark.place] = opening if mark.opens else closing
    return "".join(characters)


def _marks(text: str, open_marks: list[str]) -> Iterator[_Mark]:
    """The quotation marks of the text in order, except in tags; keeps `open_marks` up to date."""
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
    for place, character in enumerate(text):
        kind = '"' if character in _DOUBLE else "'" if character in _SINGLE else ""
        if not kind or (kind == "'" and _is_apostrophe(text, place, open_marks, last_closing)):
            continue
        if _opens(text, place, kind, open_marks):
            open_marks.append(kind)
            yield _Mark(place, True, len(open_marks))
        else:
            yield _Mark(place, False, _close(open_marks, kind))


def _is_apostrophe(text: str, place: int, open_marks: Sequence[str], last_closing: int) -> bool:
    """Whether a single mark is not a quotation mark; `last_closing` is the last that may close one."""
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
        # A mark after another mark opens where that one does: at the beginning of the text, or after a space.
        before = text[place - 2 : place - 1] if place > 1 else ""
    may_open = not before.strip() or before in _BEFORE_OPENING + _OPENING
    leans_on_what_follows = bool(after.strip()) and after not in _AFTER_CLOSING
    return may_open and (leans_on_what_follows or not _is_open(kind, open_marks))


def _around(text: str, place: int) -> tuple[str, str]:
    return text[place - 1 : place], text[place + 1 : place + 2]


def _close(open_marks: list[str], kind: str) -> int:
    """Close the innermost open mark of the kind and any left open inside it; return its depth."""
    while open_marks:
        depth = len(open_marks)
        if open_marks.pop() == kind:
            return depth
    return 1
