"""A document: the texts of an article, and the blocks they consist of.

A document is one or more named texts ("fields"): `text` for a plain text; `title`, `deck` and `body`
for an article given as fields. Blocks are spans of a field; whatever lies between two blocks is not
translated, and is rendered as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Format = Literal["text", "article"]


class BlockKind(StrEnum):
    """What a block is to a reader."""

    TITLE = "title"
    DECK = "deck"
    HEADING = "heading"
    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Inline:
    """Markup inside a block: the span `[start, end)` of the block's field, and what stands around it."""

    start: int
    end: int
    opening: str
    closing: str


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

    def text_of(self, block: Block) -> str:
        """The block's text."""
        return self.fields[block.field][block.start : block.end]


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
