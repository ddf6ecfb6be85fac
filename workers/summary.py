"""From scored sentences to a summary of a wished length. It chooses; it never writes."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.engines.extractive import Scored, score, similarity
from workers.documents import BlockKind, Document, Segment

REDUNDANCY = 0.1
"""How much a sentence loses for saying again what is chosen (maximal marginal relevance)."""
SAME = 0.6
"""A sentence with this cosine to a chosen one says the same, and is not chosen."""
_HEADLINE_WORDS = range(6, 23)
_HEADLINE_POSITION = 1.0
"""A headline says what happened, and news says that first."""
_QUOTED = 0.9
_DEPENDENT = 0.8
_OPENING_QUOTE = ("“", '"', "«", "‘", "'")
# A sentence that begins so leans on the one before it, which a summary may not have.
_LEANS = re.compile(
    r"(?:he|she|it|they|this|that|these|those|but|and|so|however|also|meanwhile|instead"
    r"|él|ella|ellos|ellas|esto|eso|pero|y|sin embargo|además|también|por ello|mientras tanto)\b",
    re.IGNORECASE,
)


class Style(StrEnum):
    """What a summary looks like."""

    BRIEF = "brief"
    BULLETS = "bullets"
    HEADLINE = "headline"


@dataclass(frozen=True, slots=True)
class Length:
    """The wished length: sentences, or at most so many words, or a share of the sentences."""

    sentences: int | None = None
    words: int | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the summary, and the indices of the segments that it is taken from."""

    text: str
    segments: list[int]


def summarize(
    document: Document, segments: Sequence[Segment], *, style: Style, length: Length
) -> list[Sentence]:
    """The summary's sentences in the article's order; none only where there are no segments.

    A headline is the title if there is one, else the best short sentence; its length is its own.
    """
    if not segments:
        return []
    titles = _of_kind(document, segments, BlockKind.TITLE)
    if style is Style.HEADLINE and titles:
        return [Sentence(" ".join(segments[i].text for i in titles), titles)]
    story = _of_kind(document, segments, BlockKind.PARAGRAPH) or list(range(len(segments)))
    texts = [segments[index].text for index in story]
    scored = score(texts, " ".join(segments[index].text for index in titles))
    salience = [value * _factor(text) for value, text in zip(scored.salience, texts, strict=True)]
    scored = Scored(salience, scored.vectors)
    chosen = (
        [_headline(texts, salience)] if style is Style.HEADLINE else _choose(texts, scored, length)
    )
    return [Sentence(texts[index], [story[index]]) for index in sorted(chosen)]


def _of_kind(document: Document, segments: Sequence[Segment], kind: BlockKind) -> list[int]:
    return [
        index
        for index, segment in enumerate(segments)
        if document.blocks[segment.block].kind is kind
    ]


def _factor(text: str) -> float:
    if text.startswith(_OPENING_QUOTE):
        return _QUOTED
    return _DEPENDENT if _LEANS.match(text) else 1.0


def _headline(texts: Sequence[str], salience: Sequence[float]) -> int:
    """A short sentence that stands alone, salient and near the top; any, where none is short."""
    short = [
        index
        for index, text in enumerate(texts)
        if len(text.split()) in _HEADLINE_WORDS
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
        and not text.endswith("?")
    ]
    return max(
        short or range(len(texts)),
        key=lambda index: salience[index] + _HEADLINE_POSITION / (1 + index),
    )


def _choose(texts: Sequence[str], scored: Scored, length: Length) -> list[int]:
    """Greedily the most salient that is least like what is chosen, while it fits."""
    words = [len(text.split()) for text in texts]
    fits = _limit(words, length)
    chosen: list[int] = []
    likeness = [0.0] * len(texts)
    left = set(range(len(texts)))
    while open_ := [i for i in left if likeness[i] < SAME and fits([*chosen, i])]:
        best = max(open_, key=lambda i: (scored.salience[i] - REDUNDANCY * likeness[i], -i))
        chosen.append(best)
        left.remove(best)
        for index in left:
            again = similarity(scored.vectors[index], scored.vectors[best])
            likeness[index] = max(likeness[index], again)
    # One sentence at least: the shortest, where none is short enough.
    return chosen or [min(range(len(texts)), key=lambda index: words[index])]


def _limit(words: Sequence[int], length: Length) -> Callable[[list[int]], bool]:
    """Whether a choice of sentences is within the length."""
    if length.words is not None:
        most = length.words
        return lambda chosen: sum(words[index] for index in chosen) <= most
    count = length.sentences or math.ceil((length.ratio or 0.0) * len(words))
    return lambda chosen: len(chosen) <= count
