"""Summaries written by a model whose input is limited, for articles of any length.

The paragraphs are packed into parts that fit the model, each part is summarized, and the summaries are
summarized again while they are too long together (hierarchical merging, Wu et al. 2021). Nothing is cut
off: every paragraph is in a part, and a sentence that is too long for a part is split.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from models.engines.translator import NO_TOKENS, Output, Usage
from pipeline.segments import Count, fit

Write = Callable[[Sequence[str]], list[Output]]
"""Runs the model: takes parts of an article, returns a summary of each."""

SHORT, LONG = 0.7, 1.5
"""Shares of the requested words. Below the first, the article is split into more parts, so that more is
written; above the second, the summaries are summarized again. Between the two, sentences are chosen."""


def write(
    paragraphs: Sequence[Sequence[str]], words: int, count: Count, limit: int, model: Write
) -> list[Output]:
    """The summaries, in the order of the article, of about `words` words or more in total.

    `paragraphs` are lists of sentences; `limit` is the maximum input of the model, in tokens by `count`.
    The result is shorter where the model writes no more.
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


Ask = Callable[[Sequence[str], int], list[Output]]
"""Asks a language model for a summary of each part in about so many words."""
NEAR = 0.1
"""The share of the requested words by which a summary may miss them before it is asked for again."""
_LEAST_WORDS = 30
"""Minimum words of the summary of a part: fewer leave out what the article's summary needs."""
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+", re.MULTILINE)


def ask(
    paragraphs: Sequence[Sequence[str]], words: int, count: Count, limit: int, model: Ask
) -> list[Output]:
    """The summary by a language model in about `words` words.

    An article that exceeds the model's input is summarized by parts, whose summaries are then summarized. A
    summary of another length is asked for once more, with the number of words corrected by what the model
    made of it; the nearer one is taken.
    """
    parts = pack(_units(paragraphs, count, limit), count, limit)
    used = NO_TOKENS
    while len(parts) > 1:
        written = model(parts, max(_LEAST_WORDS, words // len(parts)))
        used += _usage(written)
        shorter = pack([output.text for output in written if output.text], count, limit)
        if not 0 < len(shorter) < len(parts):
            return [
                replace(output, usage=used if output is written[0] else NO_TOKENS)
                for output in written
            ]
        parts = shorter
    tries = [model(parts, words)[0]]
    said = len(tries[0].text.split())
    if said and abs(said - words) > NEAR * words:
        tries += model(parts, max(1, round(words * words / said)))
    best = min(tries, key=lambda output: abs(len(output.text.split()) - words))
    text = _LIST_MARK.sub("", best.text)
    return [replace(best, text=text, usage=used + _usage(tries))]


def pack(units: Sequence[str], count: Count, limit: int, least: int = 1) -> list[str]:
    """Join the units in order into parts of at most `limit` tokens and about the same size.

    There are about `least` parts if there are that many units. A unit over the limit is split.
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
    # A joined text may have more tokens than its parts have together, though rarely.
    joined = (" ".join(part) for part in parts)
    pieces = (piece.strip() for part in joined for piece in fit(part, count, limit))
    return [piece for piece in pieces if piece]


def _units(paragraphs: Sequence[Sequence[str]], count: Count, limit: int) -> list[str]:
    """The paragraphs; in place of a paragraph over the limit, its sentences."""
    whole = [" ".join(sentences) for sentences in paragraphs]
    return [
        unit
        for text, sentences, length in zip(whole, paragraphs, count(whole), strict=True)
        for unit in ([text] if length <= limit else sentences)
    ]


def _usage(outputs: Sequence[Output]) -> Usage:
    return sum((output.usage for output in outputs), NO_TOKENS)


def _words(outputs: Sequence[Output]) -> int:
    return sum(len(output.text.split()) for output in outputs)
