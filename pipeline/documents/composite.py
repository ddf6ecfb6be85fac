"""Documents inside the values of another document: a page in a wire item, a caption in a list."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.documents.document import Block, BlockKind, Document, Filled, Format, Part
from pipeline.documents.markup import BETWEEN, MarkupTemplate, Slot, joined

_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Embedded:
    """A document in the span `[start, end)` of a source; `encode` gives its spelling there."""

    start: int
    end: int
    document: Document
    encode: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class CompositeTemplate:
    """The source, and the documents in it in order."""

    source: str
    embedded: Sequence[Embedded]

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, Sequence[Part]]) -> Filled:
        """The source with each document replaced by its translation."""
        del blocks  # each document has its own
        pieces, place = list[str](), 0
        documents = [one.document for one in self.embedded]
        for one, own in zip(self.embedded, own_parts(documents, parts), strict=True):
            if own is None or one.document.template is None:
                continue
            filled = one.document.template.fill(one.document.blocks, own)
            pieces += [self.source[place : one.start], one.encode(filled.text)]
            place = one.end
        return Filled("".join([*pieces, self.source[place:]]))


def composed(format_: Format, source: str, embedded: Sequence[Embedded]) -> Document:
    """Combine the documents in a source into one, with their blocks in order."""
    embedded = sorted(embedded, key=lambda one: one.start)
    blocks, text = concatenated([one.document for one in embedded])
    return Document(format_, {"text": text}, tuple(blocks), CompositeTemplate(source, embedded))


def concatenated(documents: Sequence[Document]) -> tuple[list[Block], str]:
    """The blocks of several documents in order, and their text."""
    blocks, texts, length = list[Block](), list[str](), 0
    for document in documents:
        if not document.blocks:
            continue
        blocks += [
            replace(block, start=block.start + length, end=block.end + length)
            for block in document.blocks
        ]
        texts.append(document.fields["text"])
        length += len(texts[-1]) + len(BETWEEN)
    return blocks, BETWEEN.join(texts)


def own_parts(
    documents: Sequence[Document], parts: Mapping[int, Sequence[Part]]
) -> Iterator[dict[int, Sequence[Part]] | None]:
    """The parts of each of several documents by its own numbers; None where nothing is translated."""
    first = 0
    for document in documents:
        count = len(document.blocks)
        own = {n: parts[first + n] for n in range(count) if first + n in parts}
        first += count
        is_changed = any(part.source != part.target for p in own.values() for part in p)
        yield own if is_changed else None


def lines_of(text: str, kind: BlockKind) -> Document:
    """A plain text with one block a line."""
    slots = [
        Slot(*line.span(), line.group(), line.group(), str)
        for line in _LINE.finditer(text)
        if _LETTER.search(line.group())
    ]
    return joined("text", [(kind, slot, ()) for slot in slots], MarkupTemplate(text, slots))
