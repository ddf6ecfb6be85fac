"""From scored sentences to a summary of a wished length: an article's own, or those a model has written."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.engines.translator import Output
from pipeline.checks import CheckFlag, Code, Kind
from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.errors import NothingWritten
from pipeline.segments import sentences
from pipeline.summaries.salience import Scored, score, similarity
from pipeline.summaries.support import Support, support

REDUNDANCY = 0.1
"""How much a sentence loses for saying again what is chosen (maximal marginal relevance)."""
SAME = 0.6
"""A sentence with this cosine to a chosen one says the same, and is not chosen."""
_HEADLINE_WORDS = range(6, 23)
_HEADLINE_POSITION = 1.0
"""A headline says what happened, and news says that first."""
_QUOTED = 0.9
_USUAL_WORDS = 22
"""Of a sentence of news."""
_DEPENDENT = 0.8
_OPENING_QUOTE = ("“", '"', "«", "‘", "'")
# A sentence that begins so leans on the one before it, which a summary may not have.
_LEANS = re.compile(
    r"(?:he|she|it|they|this|that|these|those|but|and|so|however|also|meanwhile|instead"
    r"|él|ella|ellos|ellas|esto|eso|pero|y|sin embargo|además|también|por ello|mientras tanto)\b",
    re.IGNORECASE,
)

_STRANGE = {
    Kind.NUMBER: Code.NUMBER_ADDED,
    Kind.COUNTRY: Code.COUNTRY_CHANGED,
    Kind.NAME: Code.NAME_CHANGED,
} | dict.fromkeys((Kind.YEAR, Kind.MONTH, Kind.WEEKDAY, Kind.TIME), Code.DATE_CHANGED)
"""What a fact that the article has not is flagged with."""


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
    """A sentence of the summary, and the indices of the segments that it is taken from, or rests on.

    One that a model has `written` may rest on none; its flags say what is wrong with it.
    """

    text: str
    segments: list[int]
    written: bool = False
    flags: tuple[CheckFlag, ...] = ()


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
    story = _story(document, segments)
    texts = [segments[index].text for index in story]
    scored = score(texts, " ".join(segments[index].text for index in titles))
    salience = [value * _factor(text) for value, text in zip(scored.salience, texts, strict=True)]
    scored = Scored(salience, scored.vectors)
    chosen = (
        [_headline(texts, salience)] if style is Style.HEADLINE else _choose(texts, scored, length)
    )
    return [Sentence(texts[index], [story[index]]) for index in sorted(chosen)]


def wished_words(document: Document, segments: Sequence[Segment], length: Length) -> int:
    """About how many words a summary of this length has."""
    if length.words is not None:
        return length.words
    story = _story(document, segments)
    count = length.sentences or math.ceil((length.ratio or 0.0) * len(story))
    return count * _USUAL_WORDS


def paragraphs(document: Document, segments: Sequence[Segment]) -> list[list[str]]:
    """The sentences of each paragraph of the story."""
    by_block: dict[int, list[str]] = {}
    for index in _story(document, segments):
        by_block.setdefault(segments[index].block, []).append(segments[index].text)
    return list(by_block.values())


def from_written(
    written: Sequence[Output],
    document: Document,
    segments: Sequence[Segment],
    *,
    language: str,
    style: Style,
    length: Length,
) -> list[Sentence]:
    """The summary from what a model has written of the article, each sentence with what it rests on.

    Written are summaries of its parts, in its order and language; sentences are chosen among them as
    among an article's own, but for those without a letter or digit. Raises NothingWritten if none is left.
    """
    texts, unfinished = [], set()
    for output in written:
        said = sentences(output.text, language)
        texts += [text for text in said if _says_something(text)]
        if output.truncated and said and _says_something(said[-1]):
            unfinished.add(len(texts) - 1)
    if not texts:
        raise NothingWritten()
    titles = _of_kind(document, segments, BlockKind.TITLE)
    scored = score(texts, " ".join(segments[index].text for index in titles))
    if style is Style.HEADLINE:
        chosen = [_headline(texts, scored.salience)]
    else:
        share = length.ratio and math.ceil(length.ratio * len(_story(document, segments)))
        chosen = _choose(texts, scored, Length(sentences=share) if share else length)
    chosen.sort()
    supports = support([texts[i] for i in chosen], [s.text for s in segments], language)
    return [
        Sentence(texts[index], of_it.sources, True, _doubts(of_it, index in unfinished))
        for index, of_it in zip(chosen, supports, strict=True)
    ]


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _doubts(found: Support, unfinished: bool) -> tuple[CheckFlag, ...]:
    """What is wrong with a written sentence; the flags' target is the sentence as it was written."""
    flags = [
        CheckFlag(_STRANGE[fact.kind], f"“{fact.text}” is not in the article.", target=fact.span)
        for fact in found.strange
    ]
    if not found.is_enough:
        flags.append(CheckFlag(Code.UNSUPPORTED, "The article does not say so."))
    if unfinished:
        flags.append(CheckFlag(Code.TRUNCATED, "The model did not bring the sentence to an end."))
    return tuple(flags)


def _story(document: Document, segments: Sequence[Segment]) -> list[int]:
    return _of_kind(document, segments, BlockKind.PARAGRAPH) or list(range(len(segments)))


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
