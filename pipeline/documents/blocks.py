"""The blocks of a plain text.

Blank lines part blocks. Lines that stand together are one block if they look like a paragraph that
was wrapped at a width, else a block each, as scraped pages give them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.documents.boilerplate import is_furniture
from pipeline.documents.document import Block, BlockKind
from pipeline.spans import Span

_NARROWEST, _WIDEST = 40, 100
"""The widths, in characters, that people wrap lines at."""
_TITLE_WORDS = 25
_HEADING_WORDS = 12
_DECK_WORDS = 40
_DECK_OVERLAP = 0.4
"""The share of a deck's words that the story's first paragraph says again."""

_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_WORD = re.compile(r"\w{4,}|\d+")
_LIST_ITEM = re.compile(r"[-*•–]\s|\d+[.)]\s")
_NAME = r"[A-ZÁÉÍÓÚÑ][\w.'’-]*"
_BYLINE = re.compile(
    rf"""(?:B[Yy]|P[Oo][Rr])\s+{_NAME}(?:\s+(?:{_NAME}|and|y|de|for|in)|,)*
      | (?:Photo(?:graph)?|Image|Picture|Foto|Imagen|Source|Fuente)s?(?:\s+(?:credit|by|de))?\s*[:/].{{1,80}}
      | (?:Reporting|Editing|Writing|Additional\ reporting)\s+by\s+.{{1,120}}""",
    re.VERBOSE,
)


def keep_some_story(blocks: Sequence[Block]) -> Sequence[Block]:
    """Furniture is what stands around a story: a text that has nothing else is the story."""
    if any(block.kind is not BlockKind.FURNITURE for block in blocks):
        return blocks
    return [Block(BlockKind.PARAGRAPH, b.field, b.start, b.end) for b in blocks]


def find_blocks(field: str, text: str, *, may_have_title: bool) -> list[Block]:
    """The blocks of a field's text, in reading order; the first may be the title."""
    spans = list(paragraph_spans(text))
    lines = [text[start:end] for start, end in spans]
    furniture = is_furniture(lines)
    story = [index for index, is_out in enumerate(furniture) if not is_out]
    kinds = dict.fromkeys(range(len(spans)), BlockKind.FURNITURE)
    kinds |= dict(zip(story, _kinds([lines[i] for i in story], may_have_title), strict=True))
    return [Block(kinds[i], field, start, end) for i, (start, end) in enumerate(spans)]


def _kinds(lines: Sequence[str], may_have_title: bool) -> list[BlockKind]:
    kinds = [_kind(line, is_last=index == len(lines) - 1) for index, line in enumerate(lines)]
    if may_have_title and len(lines) > 1 and _is_heading(lines[0], _TITLE_WORDS):
        kinds[0] = BlockKind.TITLE
        # A byline may stand between title, deck and story.
        story = [i for i in range(1, len(lines)) if kinds[i] is not BlockKind.BYLINE]
        if len(story) > 1 and _is_deck(lines[story[0]], lines[story[1]]):
            kinds[story[0]] = BlockKind.DECK
    return kinds


def _kind(line: str, *, is_last: bool) -> BlockKind:
    if _is_byline(line):
        return BlockKind.BYLINE
    if not is_last and _is_heading(line, _HEADING_WORDS):
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _is_byline(line: str) -> bool:
    return bool(_BYLINE.fullmatch(line))


def _is_heading(line: str, most_words: int) -> bool:
    return (
        "\n" not in line
        and len(line.split()) <= most_words
        and any(character.isalpha() for character in line)
        and (not _END.search(line) or line.endswith("?"))
        and not _LIST_ITEM.match(line)
    )


def _is_deck(line: str, lead: str) -> bool:
    """A deck tells the story in a line, and the first paragraph tells it again."""
    words = set(_WORD.findall(line.casefold()))
    again = set(_WORD.findall(lead.casefold()))
    is_short = "\n" not in line and len(words) > 0 and len(line.split()) <= _DECK_WORDS
    return is_short and len(words & again) / len(words) >= _DECK_OVERLAP


def paragraph_spans(text: str) -> Iterator[Span]:
    """The spans of the text's blocks, without the white space around them."""
    group: list[Span] = []
    start = 0
    for line in [*text.splitlines(keepends=True), ""]:
        bare = line.strip()
        if bare:
            begin = text.index(bare, start)
            group.append(Span(begin, begin + len(bare)))
        elif group:
            yield from [Span(group[0].start, group[-1].end)] if _is_wrapped(text, group) else group
            group = []
        start += len(line)


def _is_wrapped(text: str, group: Sequence[Span]) -> bool:
    """Whether the lines are one paragraph: each but the last has no room for the next's word."""
    lines = [text[start:end] for start, end in group]
    width = max(len(line) for line in lines)
    return (
        len(lines) > 1
        and _NARROWEST <= width <= _WIDEST
        and all(
            len(line) + 1 + len(after.split(maxsplit=1)[0]) > width and not _LIST_ITEM.match(after)
            for line, after in pairwise(lines)
        )
    )
