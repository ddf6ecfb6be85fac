"""Articles as blocks: parse what came in, render what goes out.

A document is one or more named texts ("fields"): `text` for a plain text; `title`, `deck` and `body`
for an article given as fields. Blocks are spans of a field; whatever lies between two blocks is white
space, and comes back as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is to a reader."""

    TITLE = "title"
    DECK = "deck"
    HEADING = "heading"
    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """The span `[start, end)` of a field, in characters (Unicode code points)."""

    kind: BlockKind
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of an article by field, in reading order, and their blocks, in reading order."""

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
