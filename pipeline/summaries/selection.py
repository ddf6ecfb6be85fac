"""Build a summary of the requested length from scored sentences of the article or written by a model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest

from models.engines.translator import Output
from pipeline.checks import CheckFlag, Code, Kind
from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.errors import NothingWritten
from pipeline.sentences import sentences
from pipeline.summaries.choice import Length, choose
from pipeline.summaries.leaning import asks, finished, leans
from pipeline.summaries.salience import Scored, score
from pipeline.summaries.support import Support, support

_HEADLINE_WORDS = range(6, 23)
HEADLINE_WORDS = 12
"""The number of words that a language model is asked for as a headline."""
_HEADLINE_POSITION = 1.0
"""Weight of the position for a headline: it says what happened, and news says that first."""
_QUOTED = 0.9
_USUAL_WORDS = 22
"""The usual number of words in a sentence of news."""
_OPENING_QUOTE = ("“", '"', "«", "‘", "'")
_LISTED = 0.8
"""Weight of a list item, which says less by itself than a sentence of the story."""
_MANY = 1_000
"""Number of sentences from which scoring takes long enough to call `alive`."""
_STORY = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ANSWER)
"""The blocks that a summary's sentences are taken from; other blocks are about the story or around it."""

_STRANGE = {
    Kind.NUMBER: Code.NUMBER_ADDED,
    Kind.COUNTRY: Code.COUNTRY_CHANGED,
    Kind.NAME: Code.NAME_CHANGED,
} | dict.fromkeys((Kind.YEAR, Kind.MONTH, Kind.WEEKDAY, Kind.TIME), Code.DATE_CHANGED)
"""The flag for each kind of fact that does not occur in the article."""


Alive = Callable[[], None]


def _unheard() -> None:
    """Do nothing: the default for `alive`."""


class Style(StrEnum):
    """The form of a summary."""

    BRIEF = "brief"
    BULLETS = "bullets"
    HEADLINE = "headline"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the summary, with the indices of the segments that it is taken from or based on.

    `rank` is 0 for the most valuable sentence, 1 for the next. A sentence that a model has `written` may be
    based on none; its flags say what is wrong with it.
    """

    text: str
    segments: list[int]
    rank: int = 0
    written: bool = False
    flags: tuple[CheckFlag, ...] = ()


def summarize(
    document: Document,
    segments: Sequence[Segment],
    *,
    language: str,
    style: Style,
    length: Length,
    headlines: int = 1,
    alive: Alive = _unheard,
) -> list[Sentence]:
    """Choose the summary's sentences, in article order; empty only if there are no segments.

    A headline is the title if there is one, otherwise the best short sentence; the length does not apply to
    it. Of several `headlines` the best comes first. `alive` is called from time to time; an exception from
    it ends the work.
    """
    if not segments:
        return []
    titles = _of_kind(document, segments, BlockKind.TITLE)
    found: list[Sentence] = []
    if style is Style.HEADLINE and titles:
        found = [Sentence(" ".join(segments[i].text for i in titles), titles)]
        if headlines == 1:
            return found
    story = _story(document, segments)
    texts = [segments[index].text for index in story]
    scored = score(texts, " ".join(segments[index].text for index in titles))
    if len(texts) > _MANY:
        alive()
    alone = [not (leans(text, language) or asks(text)) for text in texts]
    kinds = [document.blocks[segments[index].block].kind for index in story]
    salience = [
        value * _factor(text, kind)
        for value, text, kind in zip(scored.salience, texts, kinds, strict=True)
    ]
    scored = Scored(salience, scored.vectors)
    if style is Style.HEADLINE:
        best = _headlines(texts, salience, alone, headlines - len(found))
        return found + [Sentence(texts[index], [story[index]]) for index in best]
    words = [len(text.split()) for text in texts]
    chosen = choose(scored, words, length, stands_alone=alone, alive=alive)
    ranks = {index: rank for rank, index in enumerate(chosen)}
    return [
        Sentence(_told(texts[index], kinds[index], style), [story[index]], ranks[index])
        for index in sorted(chosen)
    ]


def _told(text: str, kind: BlockKind, style: Style) -> str:
    """The sentence as it appears in the summary: in running text, a list item gets a full stop."""
    return finished(text) if kind is BlockKind.LIST_ITEM and style is Style.BRIEF else text


def wished_words(document: Document, segments: Sequence[Segment], length: Length) -> int:
    """The approximate number of words in a summary of this length."""
    if length.words is not None:
        return length.words
    return (length.count(story_size(document, segments)) or 0) * _USUAL_WORDS


def story_size(document: Document, segments: Sequence[Segment]) -> int:
    """The number of sentences in the story."""
    return len(_story(document, segments))


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
    headlines: int = 1,
) -> list[Sentence]:
    """Build the summary from what a model wrote about the article, each sentence with its sources.

    The model wrote summaries of its parts, in its order and language; sentences are chosen from them as from
    an article, except those without a letter or digit. Raises NothingWritten if none is left.
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
        chosen = _headlines(texts, scored.salience, [True] * len(texts), headlines)
    else:
        count = length.count(story_size(document, segments))
        wished = Length(sentences=count) if count else length
        words = [len(text.split()) for text in texts]
        alone = [True] * len(texts)
        chosen = choose(scored, words, wished, stands_alone=alone, alive=_unheard)
    ranks = {index: rank for rank, index in enumerate(chosen)}
    if style is not Style.HEADLINE:
        chosen = sorted(chosen)
    supports = support([texts[i] for i in chosen], [s.text for s in segments], language)
    return [
        Sentence(
            texts[index], of_it.sources, ranks[index], True, _doubts(of_it, index in unfinished)
        )
        for index, of_it in zip(chosen, supports, strict=True)
    ]


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _doubts(found: Support, unfinished: bool) -> tuple[CheckFlag, ...]:
    """The flags for what is wrong with a written sentence; their target is the sentence as written."""
    flags = [
        CheckFlag(_STRANGE[fact.kind], f"“{fact.text}” is not in the article.", target=fact.span)
        for fact in found.strange
    ]
    if not found.is_enough:
        flags.append(CheckFlag(Code.UNSUPPORTED, "The article does not support this sentence."))
    if unfinished:
        flags.append(CheckFlag(Code.TRUNCATED, "The model did not bring the sentence to an end."))
    return tuple(flags)


def _story(document: Document, segments: Sequence[Segment]) -> list[int]:
    """The indices of the story's sentences, or of all sentences if the text has no story."""
    return _of_kind(document, segments, *_STORY) or list(range(len(segments)))


def _of_kind(document: Document, segments: Sequence[Segment], *kinds: BlockKind) -> list[int]:
    return [
        index
        for index, segment in enumerate(segments)
        if document.blocks[segment.block].kind in kinds
    ]


def _factor(text: str, kind: BlockKind) -> float:
    if text.startswith(_OPENING_QUOTE):
        return _QUOTED
    return _LISTED if kind is BlockKind.LIST_ITEM else 1.0


def _headlines(
    texts: Sequence[str], salience: Sequence[float], alone: Sequence[bool], count: int
) -> list[int]:
    """Short sentences that stand alone, salient and near the top; any sentences if none is short."""
    short = [
        index
        for index, text in enumerate(texts)
        if alone[index]
        and len(text.split()) in _HEADLINE_WORDS
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
        and not text.endswith("?")
    ]
    return nlargest(
        count,
        short or range(len(texts)),
        key=lambda index: salience[index] + _HEADLINE_POSITION / (1 + index),
    )
