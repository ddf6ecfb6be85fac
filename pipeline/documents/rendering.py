"""Render a document with its translated sentences in the shape of the source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.documents.document import Block, BlockKind, Document, Segment


@dataclass(frozen=True, slots=True)
class Rendered:
    """The texts by field, and for each segment the span `[start, end)` of its target there."""

    fields: dict[str, str]
    offsets: list[tuple[int, int]]


def render_fields(
    document: Document,
    segments: Sequence[Segment],
    targets: Sequence[str],
    *,
    keep_furniture: bool,
) -> Rendered:
    """Put each target in the place of its segment; text between two blocks stays as it was sent.

    Boilerplate ("furniture") stays as it is if it is kept; otherwise it is left out, with the smaller
    of the gaps around it. `targets` are as many as `segments`, which are those of the document in its order.
    """
    of_block: dict[int, list[tuple[Segment, str]]] = {}
    for segment, target in zip(segments, targets, strict=True):
        of_block.setdefault(segment.block, []).append((segment, target))
    fields = {}
    offsets: list[tuple[int, int]] = []
    for field in document.fields:
        read = document.read(field)
        output = _Output()
        gap, place = "", 0
        for number, block in enumerate(document.blocks):
            if block.field != field:
                continue
            start, end = document.as_sent(field, block.start, block.end)
            between = read.sent[place:start]
            place = end
            if block.kind is BlockKind.FURNITURE:
                if not keep_furniture:
                    gap = max(gap, between, key=_height)
                    continue
                output.write(between + read.sent[start:end])
                continue
            # What a text begins with is its own; further on the larger of several gaps stays.
            beginning = read.sent[: read.places[_indent(read.text)]]
            output.write(max(gap, between, key=_height) if output.parts else beginning)
            gap = ""
            for part, is_target in _parts(read.text, block, of_block.get(number, [])):
                span = output.write(part)
                if is_target:
                    offsets.append(span)
        output.write(read.sent[place:])
        fields[field] = "".join(output.parts)
    return Rendered(fields, offsets)


def _parts(
    text: str, block: Block, translated: Sequence[tuple[Segment, str]]
) -> Iterator[tuple[str, bool]]:
    """The block's text in parts, each with whether it is a target."""
    inside = block.start
    longer = 0
    for segment, target in translated:
        gap = text[inside : segment.start]
        if block.kind is BlockKind.TABLE_ROW and gap.isspace() and "\t" not in gap:
            # The columns stay where they were, as far as the cells leave room.
            size = max(len(gap) - longer, min(len(gap), _LEAST_GAP))
            longer -= len(gap) - size
            gap = " " * size
        yield gap, False
        yield target, True
        longer += len(target) - len(segment.text)
        inside = segment.end
    yield text[inside : block.end], False


_LEAST_GAP = 2


class _Output:
    """A text under construction, and its length."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def write(self, text: str) -> tuple[int, int]:
        """Append the text and return its span."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length


def _height(gap: str) -> tuple[int, int]:
    return gap.count("\n"), len(gap)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
