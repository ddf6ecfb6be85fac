"""Split blocks into sentences, and sentences that are too long for a model into pieces that fit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.documents.tables import cells
from pipeline.sentences import LONGEST, clause_end, sentence_spans

Count = Callable[[Sequence[str]], list[int]]


def split(document: Document, language: str, *, whole: bool = False) -> list[Segment]:
    """The sentences of all blocks except furniture, in reading order; the cells of a table row.

    `language` is a BCP-47 tag; one that the splitter does not know gets the general rules. With `whole`
    a block is one sentence, unless it is longer than `LONGEST`.
    """
    segments = []
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.FURNITURE:
            continue
        text = document.text_of(block)
        row = block.kind is BlockKind.TABLE_ROW
        first = block.start + block.lead
        if row:
            spans = list(_cells(text, language))
        elif whole and len(text) <= LONGEST and text.strip():
            spans = [(0, len(text))]
        else:
            spans = sentence_spans(text, language)
        for start, end in spans:
            part = text[start:end].strip()
            begin = first + text.index(part, start)
            segments.append(Segment(number, block.field, begin, begin + len(part), part))
    return segments


def _cells(row: str, language: str) -> Iterator[tuple[int, int]]:
    """The spans of a row's cells; a cell longer than `LONGEST` is divided into sentences."""
    for start, end in cells(row):
        if end - start <= LONGEST:
            yield start, end
            continue
        for first, last in sentence_spans(row[start:end], language):
            yield start + first, start + last


def as_sent(document: Document, segment: Segment) -> Segment:
    """The segment with its position in the text as sent; its own text is still the normalised one."""
    start, end = document.as_sent(segment.field, segment.start, segment.end)
    return replace(segment, start=start, end=end)


def fit(text: str, count: Count, limit: int) -> list[str]:
    """Split the text into pieces of at most `limit` tokens by `count`; joined, they are the text.

    A piece ends after a clause if possible, otherwise at white space, otherwise anywhere: no text is ever
    dropped.
    """
    if count([text])[0] <= limit:
        return [text]
    pieces = []
    while text:
        # No token is empty, so a window of this many characters holds the longest piece, except with rare
        # long tokens; counting only windows keeps a word of a mebibyte linear.
        window = text[: limit * _WINDOW]
        size = _longest(window, count, limit)
        if size < len(text):
            size = clause_end(text[:size])
        pieces.append(text[:size])
        text = text[size:]
    return pieces


_WINDOW = 8
"""Characters examined for each token of the limit: more than a token of plain text has."""


def _longest(text: str, count: Count, limit: int) -> int:
    """The length of the longest prefix of the text that fits; at least 1."""
    fits, over = 1, len(text) + 1
    while over - fits > 1:
        middle = (fits + over) // 2
        if count([text[:middle]])[0] <= limit:
            fits = middle
        else:
            over = middle
    return fits
