"""A document with its sentences translated, back to the shape it came in."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.documents.document import BlockKind, Document, Segment


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
    """Put each target where its segment stood; all white space between them stays as it was.

    Furniture stays as it is if it is kept, else it is left out, with the smaller of the gaps
    around it. `targets` are as many as `segments`, which are those of the document in its order.
    """
    of_block: dict[int, list[tuple[Segment, str]]] = {}
    for segment, target in zip(segments, targets, strict=True):
        of_block.setdefault(segment.block, []).append((segment, target))
    fields = {}
    offsets: list[tuple[int, int]] = []
    for field, text in document.fields.items():
        output = _Output()
        gap, place = "", 0
        for number, block in enumerate(document.blocks):
            if block.field != field:
                continue
            between = text[place : block.start]
            place = block.end
            if block.kind is BlockKind.FURNITURE and not keep_furniture:
                gap = max(gap, between, key=_height)
                continue
            # What a text begins with is its own; further on the larger of several gaps stays.
            output.write(max(gap, between, key=_height) if output.parts else text[: _indent(text)])
            gap, inside = "", block.start
            for segment, target in of_block.get(number, []):
                output.write(text[inside : segment.start])
                offsets.append(output.write(target))
                inside = segment.end
            output.write(text[inside : block.end])
        output.write(text[place:])
        fields[field] = "".join(output.parts)
    return Rendered(fields, offsets)


class _Output:
    """A text that grows, and knows how long it is."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def write(self, text: str) -> tuple[int, int]:
        """Append the text; gives the span it takes."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length


def _height(gap: str) -> tuple[int, int]:
    return gap.count("\n"), len(gap)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
