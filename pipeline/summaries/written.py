"""Summaries that a model writes: an article of any length through a model of few positions.

The paragraphs are packed into parts that the model takes whole, each part is summarized, and the
summaries are summarized in their turn while they are too long together (the hierarchical merging of
Wu et al. 2021). Nothing is cut: every paragraph is in a part, and a sentence too long for one is split.
"""

import math
from collections.abc import Callable, Sequence

from models.engines.translator import Output
from pipeline.segments import Count, fit

Write = Callable[[Sequence[str]], list[Output]]
"""The model: parts of an article in, a summary of each out."""

SHORT, LONG = 0.7, 1.5
"""Shares of the wished words. Below the first the article is cut finer, so that more is written; above
the second the summaries are summarized. Between the two, whole sentences are chosen from."""


def write(
    paragraphs: Sequence[Sequence[str]], words: int, count: Count, limit: int, model: Write
) -> list[Output]:
    """The summaries, in the article's order, of about `words` words together or of more.

    `paragraphs` are the article's, as sentences; `limit` is the most that the model takes, in tokens by
    `count`. Fewer words come out where the model has no more to say.
    """
    units = _units(paragraphs, count, limit)
    parts = pack(units, count, limit)
    written = model(parts)
    if (said := _words(written)) < SHORT * words and len(parts) < len(units):
        parts = pack(units, count, limit, least=math.ceil(len(parts) * words / max(said, 1)))
        written = model(parts)
    while len(written) > 1 and _words(written) > LONG * words:
        parts = pack([output.text for output in written if output.text], count, limit)
        if len(parts) >= len(written):
            break
        shorter = model(parts)
        if _words(shorter) < SHORT * words:
            break
        written = shorter
    return written


def pack(units: Sequence[str], count: Count, limit: int, least: int = 1) -> list[str]:
    """The units, joined in order into parts of at most `limit` tokens and of about the same size.

    There are about `least` parts where there are as many units. A unit over the limit is split.
    """
    sizes = count(units)
    even = sum(sizes) / max(least, math.ceil(sum(sizes) / limit))
    parts: list[list[str]] = []
    size = 0
    for unit, length in zip(units, sizes, strict=True):
        if not parts or size >= even or size + length > limit:
            parts.append([])
            size = 0
        parts[-1].append(unit)
        size += length
    # A text's tokens are rarely more than its parts' together, but may be.
    joined = (" ".join(part) for part in parts)
    pieces = (piece.strip() for part in joined for piece in fit(part, count, limit))
    return [piece for piece in pieces if piece]


def _units(paragraphs: Sequence[Sequence[str]], count: Count, limit: int) -> list[str]:
    """Paragraphs, or the sentences of one that is over the limit."""
    whole = [" ".join(sentences) for sentences in paragraphs]
    return [
        unit
        for text, sentences, length in zip(whole, paragraphs, count(whole), strict=True)
        for unit in ([text] if length <= limit else sentences)
    ]


def _words(outputs: Sequence[Output]) -> int:
    return sum(len(output.text.split()) for output in outputs)
