"""A document: the texts of an article, and the blocks they consist of.

A document is one or more named texts ("fields"): `text` for a plain text; `title`, `deck` and `body`
for an article given as fields. Blocks are spans of a field; whatever lies between two blocks is not
translated, and is rendered as it was sent. A document from a file has one field, `text`, with the
text of its blocks; its template has everything around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, Protocol

from models.engines.alignment import Alignment
from pipeline.normalise import Read

Format = Literal[
    "text",
    "article",
    "html",
    "xml",
    "markdown",
    "srt",
    "vtt",
    "docx",
    "pptx",
    "odt",
    "xliff",
    "po",
    "ninjs",
    "newsml",
]


class BlockKind(StrEnum):
    """The kind of a block."""

    TITLE = "title"
    DECK = "deck"
    HEADING = "heading"
    BYLINE = "byline"
    DATELINE = "dateline"
    TIMESTAMP = "timestamp"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    CELL = "table cell"
    LABEL = "label"
    CUE = "cue"
    SPEAKER = "speaker"
    """The label of the speaker of the text that follows: "Q:", "MAYOR RUIZ"."""
    QUESTION = "question"
    ANSWER = "answer"
    CAPTION = "caption"
    CREDIT = "credit"
    NOTE = "note"
    """A note about the article: a correction, information about the author, contact details."""
    POST = "post"
    """An embedded social media message."""
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
    """The span `[start, end)` of a field as it is read, in characters (Unicode code points).

    Its first `lead` and last `tail` characters are not text: a list mark, or tags around the text.
    """

    kind: BlockKind
    field: str
    start: int
    end: int
    inline: tuple[Inline, ...] = ()
    lead: int = 0
    tail: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of an article by field, as they are read, and their blocks, both in reading order.

    `reads` maps normalised fields to the text as it was sent; other fields were not changed.
    """

    format: Format
    fields: Mapping[str, str]
    blocks: tuple[Block, ...]
    template: "Template | None" = None
    reads: Mapping[str, Read] = field(default_factory=dict)

    def without_furniture(self) -> "Document":
        """The same document with its boilerplate as paragraphs."""
        blocks = (
            replace(block, kind=BlockKind.PARAGRAPH) if block.kind is BlockKind.FURNITURE else block
            for block in self.blocks
        )
        return replace(self, blocks=tuple(blocks))

    def read(self, name: str) -> Read:
        """How the field is read."""
        return self.reads.get(name) or Read.of(self.fields[name])

    def text_of(self, block: Block) -> str:
        """The text of the block, without its mark."""
        return self.fields[block.field][block.start + block.lead : block.end - block.tail]

    def as_sent(self, name: str, start: int, end: int) -> tuple[int, int]:
        """The span in the field as it was sent of a span of the field as it is read."""
        return self.read(name).span(start, end)


class Template(Protocol):
    """A file without the text of its blocks."""

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, "Sequence[Part]"]) -> "Filled":
        """The file with the translated parts of its blocks, by the blocks' numbers.

        A block without parts stays as it is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Filled:
    """The translated file, and for blocks to be checked a note, by block number."""

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
    """One sentence of a block: the span `[start, end)` of `field` as it is read, in characters.

    `block` is the index of its block in `Document.blocks`; `text` is the span's text, without white
    space at its ends and never empty.
    """

    block: int
    field: str
    start: int
    end: int
    text: str
