"""Blocks to sentences, and a sentence that is too long for a model to pieces that fit."""

import re
from collections.abc import Callable, Sequence

import sentencex

from pipeline.documents.document import BlockKind, Document, Segment

Count = Callable[[Sequence[str]], list[int]]

# Where a long sentence is cut, best first: after the punctuation of a clause, else at white space.
_CUTS = (re.compile(r"[.!?;:…]['\"”’»)\]]*\s+"), re.compile(r",['\"”’»]*\s+"), re.compile(r"\s+"))


def split(document: Document, language: str) -> list[Segment]:
    """The sentences of all blocks but the furniture, in reading order.

    `language` is a BCP-47 tag; one that the splitter does not know gets the general rules.
    """
    segments = []
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.FURNITURE:
            continue
        for start, end in _sentences(document.text_of(block), language):
            begin = block.start + start
            text = document.fields[block.field][begin : block.start + end]
            segments.append(Segment(number, block.field, begin, block.start + end, text))
    return segments


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text, without the white space between them."""
    return [text[start:end] for start, end in _sentences(text, language)]


def _sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The spans of the text's sentences, without the white space between them."""
    ends = _lengths(text, language)
    spans, start = [], 0
    for length in [*ends, len(text)]:
        end = min(start + length, len(text))
        bare = text[start:end].strip()
        if bare:
            begin = text.index(bare, start)
            spans.append((begin, begin + len(bare)))
        start = end
    return spans


def _lengths(text: str, language: str) -> list[int]:
    """The lengths of the text's sentences, white space included; the splitter gets a part at once."""
    lengths: list[int] = []
    start = 0
    while start < len(text):
        part = text[start : start + _MOST_AT_ONCE]
        found = [len(sentence) for sentence in sentencex.segment(language, part)]
        if start + len(part) < len(text) and len(found) > 1:
            found.pop()  # may go on after the part: it begins the next
        lengths += found
        start += sum(found) or len(part)
    return lengths


_MOST_AT_ONCE = 8_000
"""Characters that the splitter gets at once: its time grows with the square of some texts' length."""


def fit(text: str, count: Count, limit: int) -> list[str]:
    """Pieces of at most `limit` tokens by `count`, which joined are the text.

    A piece ends after a clause where one fits, else at white space, else anywhere: nothing is left
    out, whatever the text.
    """
    if count([text])[0] <= limit:
        return [text]
    pieces = []
    while text:
        # No token is empty, so a window of this many characters holds the longest piece but for
        # rare long tokens; counting only windows keeps a word of a mebibyte linear.
        window = text[: limit * _WINDOW]
        size = _longest(window, count, limit)
        if size < len(text):
            size = _cut(text[:size])
        pieces.append(text[:size])
        text = text[size:]
    return pieces


_WINDOW = 8
"""Characters looked at for each token of the limit: more than a token of plain text has."""


def _longest(text: str, count: Count, limit: int) -> int:
    """The length of the longest beginning of the text that fits; at least 1."""
    fits, over = 1, len(text) + 1
    while over - fits > 1:
        middle = (fits + over) // 2
        if count([text[:middle]])[0] <= limit:
            fits = middle
        else:
            over = middle
    return fits


def _cut(text: str) -> int:
    """Where to end a piece within the text; in its last two thirds if a good place is there."""
    for cut in _CUTS:
        places = [match.end() for match in cut.finditer(text) if match.end() > len(text) // 3]
        if places:
            return places[-1]
    return len(text)
