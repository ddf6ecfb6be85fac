"""A document: the texts of an article, and the blocks they consist of.

A document is one or more named texts ("fields"): `text` for a plain text; `title`, `deck` and `body`
for an article given as fields. Blocks are spans of a field; whatever lies between two blocks is not
translated, and is rendered as it was. A document that came as a file has one field, `text`, with the
text of its blocks; its template knows what stands around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from models.engines.alignment import Alignment

Format = Literal[
    "text", "article", "html", "srt", "vtt", "docx", "pptx", "xliff", "ninjs", "newsml"
]


class BlockKind(StrEnum):
    """What a block is to a reader."""

    TITLE = "title"
    DECK = "deck"
    HEADING = "heading"
    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    CELL = "table cell"
    CAPTION = "caption"
    LABEL = "label"
    CUE = "cue"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Inline:
    """Markup inside a block: the span `[start, end)` of the block's text, and what stands around it.

    In `opening` a number stands for the text of another block: a title that is translated itself.
    `parent` is the number of the inline that it is nested in. Markup that another block closes has no
    `closing`, and what closes it no `opening`. What is `kept` is not translated: `opening` is all of it.
    """

    start: int
    end: int
    opening: tuple[str | int, ...]
    closing: str
    parent: int | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The span `[start, end)` of a field, in characters (Unicode code points)."""

    kind: BlockKind
    field: str
    start: int
    end: int
    inline: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of an article by field and their blocks, both in reading order."""

    format: Format
    fields: Mapping[str, str]
    blocks: tuple[Block, ...]
    template: "Template | None" = None

    def text_of(self, block: Block) -> str:
        """The block's text."""
        return self.fields[block.field][block.start : block.end]


class Template(Protocol):
    """What stands around the blocks of a file."""

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, "Sequence[Part]"]) -> "Filled":
        """The file with the translated parts of its blocks, by the blocks' numbers.

        A block without parts stays as it is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Filled:
    """A file with its translations, and what is to be checked in a block, by its number."""

    text: str
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a block, `[start, end)` of the block's text, and its translation."""

    start: int
    end: int
    source: str
    target: str
    alignment: Alignment | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence of a block: the span `[start, end)` of `field`, in characters.

    `block` is the index of its block in `Document.blocks`; `text` is the span's text, without white
    space at its ends and never empty.
    """

    block: int
    field: str
    start: int
    end: int
    text: str
