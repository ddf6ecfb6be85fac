"""Documents inside the values of another document: a page in a wire item, a caption in a list."""

import re
from collections.abc import Callable, Mapping, Sequence
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
        pieces, place, first = list[str](), 0, 0
        for one in self.embedded:
            count = len(one.document.blocks)
            own = {n: parts[first + n] for n in range(count) if first + n in parts}
            first += count
            is_changed = any(part.source != part.target for p in own.values() for part in p)
            if not is_changed or one.document.template is None:
                continue
            filled = one.document.template.fill(one.document.blocks, own)
            pieces += [self.source[place : one.start], one.encode(filled.text)]
            place = one.end
        return Filled("".join([*pieces, self.source[place:]]))


def composed(format_: Format, source: str, embedded: Sequence[Embedded]) -> Document:
    """Combine the documents in a source into one, with their blocks in order."""
    embedded = sorted(embedded, key=lambda one: one.start)
    blocks, texts, length = list[Block](), list[str](), 0
    for one in embedded:
        text = one.document.fields["text"]
        if not one.document.blocks:
            continue
        blocks += [
            replace(block, start=block.start + length, end=block.end + length)
            for block in one.document.blocks
        ]
        texts.append(text)
        length += len(text) + len(BETWEEN)
    template = CompositeTemplate(source, embedded)
    return Document(format_, {"text": BETWEEN.join(texts)}, tuple(blocks), template)


def lines_of(text: str, kind: BlockKind) -> Document:
    """A plain text with one block a line."""
    slots = [
        Slot(*line.span(), line.group(), line.group(), str)
        for line in _LINE.finditer(text)
        if _LETTER.search(line.group())
    ]
    return joined("text", [(kind, slot, ()) for slot in slots], MarkupTemplate(text, slots))
