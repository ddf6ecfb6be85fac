"""A source with blocks of text in it: everything around them stays as it is, to the byte."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.documents.document import (
    Block,
    BlockKind,
    Document,
    Filled,
    Format,
    Inline,
    Part,
    Template,
)
from pipeline.documents.inline import Moved
from pipeline.spans import Span

Escape = Callable[[str], str]
"""A character as the format writes it in a text."""
BETWEEN = "\n\n"
"""What stands between two blocks in a document's text."""
_ENDS = ".!?…:;"


def escape_text(character: str) -> str:
    """A character as HTML and XML write it in a text."""
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(character, character)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a block stands in the source, its text, and how each character of that is spelled there."""

    start: int
    end: int
    text: str
    spelled: Sequence[str]
    escape: Escape


ReadBlock = tuple[BlockKind, Slot, tuple[Inline, ...]]
"""What a block is, where it stands, and the markup in it."""


def nested_in(blocks: Iterable[ReadBlock]) -> frozenset[int]:
    """The numbers of the blocks that are in the markup of others."""
    inlines = (inline for _, _, of_block in blocks for inline in of_block)
    return frozenset(n for i in inlines for n in i.opening if isinstance(n, int))


@dataclass(frozen=True, slots=True)
class MarkupTemplate:
    """The source, and the slots of its blocks in their order; those `nested` are in others' markup."""

    source: str
    slots: Sequence[Slot]
    nested: frozenset[int] = frozenset()

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, Sequence[Part]]) -> Filled:
        """The source with the translated parts in their slots."""
        written: dict[int, str] = {}
        # A block whose markup has another's text in it comes after that one.
        outer = [number for number in range(len(self.slots)) if number not in self.nested]
        for number in [*sorted(self.nested), *outer]:
            written[number] = self._block(number, blocks[number], parts.get(number, ()), written)
        pieces, place = [], 0
        for number in sorted(outer, key=lambda n: self.slots[n].start):
            slot = self.slots[number]
            pieces += [self.source[place : slot.start], written[number]]
            place = slot.end
        return Filled("".join([*pieces, self.source[place:]]))

    def _block(
        self, number: int, block: Block, parts: Sequence[Part], written: Mapping[int, str]
    ) -> str:
        slot = self.slots[number]
        titles = [n for inline in block.inline for n in inline.opening if isinstance(n, int)]
        if all(part.source == part.target for part in parts) and all(
            written[n] == self.source[self.slots[n].start : self.slots[n].end] for n in titles
        ):
            return self.source[slot.start : slot.end]
        moved = Moved(slot.text, block.inline, parts)
        return self._write(slot, moved, block.inline, parts, written)

    def _write(
        self,
        slot: Slot,
        moved: Moved,
        inlines: Sequence[Inline],
        parts: Sequence[Part],
        written: Mapping[int, str],
    ) -> str:
        """A translated block; formats whose characters depend on each other override it."""
        return write(slot.text, moved, inlines, spell(slot, parts), written)


_PIECE = re.compile(
    r"(?P<entity>&(?:#[xX]?[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?)|(?P<space>[ \t\n\f\r]+)|.",
    re.DOTALL,
)


def read_characters(source: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """The characters of a part of HTML or XML, each with its spelling; white space is one space."""
    for match in _PIECE.finditer(source, start, end):
        raw = match.group()
        # A reference to a character that may not be written stays as it is.
        text = (html.unescape(raw) or raw) if match["entity"] else raw
        yield " " if match["space"] else text, raw


def joined(
    format_: Format,
    found: Sequence[ReadBlock],
    template: Template,
) -> Document:
    """The document of a source with these blocks; its text has them with a blank line between."""
    blocks, length = [], 0
    for kind, slot, inlines in found:
        blocks.append(Block(kind, "text", length, length + len(slot.text), inlines))
        length += len(slot.text) + len(BETWEEN)
    text = BETWEEN.join(slot.text for _, slot, _ in found)
    return Document(format_, {"text": text}, tuple(blocks), template)


def goes_on_after_break(before: str, after: str) -> bool:
    """Whether a sentence goes on after a line break."""
    return after[:1].islower() and before[-1:] not in _ENDS


def close_inline(
    inlines: list[Inline], opened: list[tuple[str, int]], name: str, place: int, raw: str
) -> int:
    """Close the last open inline of this name at a place, and what is open in it; return its number.

    Where none of the name is open, what closes covers all since the last one that is.
    """
    names = [known for known, _ in opened]
    if name in names:
        depth = len(names) - 1 - names[::-1].index(name)
        # What was opened in it and is open still lasts to its end.
        for _, number in opened[depth + 1 :]:
            inlines[number] = replace(inlines[number], end=place)
        number = opened[depth][1]
        inlines[number] = replace(inlines[number], end=place, closing=raw)
        del opened[depth:]
        return number
    parent = opened[-1][1] if opened else None
    start = inlines[parent].start if parent is not None else 0
    number = len(inlines)
    inlines[:] = [
        replace(inline, parent=number) if inline.parent == parent else inline for inline in inlines
    ]
    inlines.append(Inline(start, place, (), raw, parent))
    return number


def spell(slot: Slot, parts: Sequence[Part]) -> list[str]:
    """The translated block as it is spelled in the format, character by character.

    A character that is written in one way wherever the source has it (`&mdash;`) is written so again.
    """
    spellings: dict[str, set[str]] = {}
    for character, spelled in zip(slot.text, slot.spelled, strict=True):
        if not character.isspace():
            spellings.setdefault(character, set()).add(spelled)
    usual = {
        c: next(iter(ways)) for c, ways in spellings.items() if len(ways) == 1 and "" not in ways
    }
    characters: list[str] = []
    place = 0
    for part in parts:
        characters += slot.spelled[place : part.start]
        if part.source == part.target:
            characters += slot.spelled[part.start : part.end]
        else:
            characters += [usual.get(c) or slot.escape(c) for c in part.target]
        place = part.end
    return [*characters, *slot.spelled[place:]]


def write(
    source: str,
    moved: Moved,
    inlines: Sequence[Inline],
    spelled: Sequence[str],
    written: Mapping[int, str],
    part: Span | None = None,
) -> str:
    """A part of the translated block with its inlines around the characters that they cover.

    Inlines that begin or end outside of the part are opened at its start and closed at its end.
    """
    whole = part or Span(0, len(moved.text))
    children: dict[int | None, list[int]] = {}
    for number, inline in enumerate(inlines):
        children.setdefault(inline.parent, []).append(number)

    def within(parent: int | None, start: int, end: int) -> str:
        pieces: list[str] = []
        place = start
        for number in sorted(children.get(parent, ()), key=lambda n: (moved.spans[n].start, n)):
            inline, span = inlines[number], moved.spans[number]
            if not _touches(span, whole, len(moved.text)):
                continue
            span = Span(max(span.start, start), max(min(span.end, end), max(span.start, start)))
            pieces += spelled[place : span.start]
            opening = "".join(
                written[part] if isinstance(part, int) else part for part in inline.opening
            )
            inner = "" if inline.kept else within(number, span.start, span.end)
            text = opening + inner + inline.closing
            if inline.start == inline.end and _is_apart(source, inline.start):
                before = "" if _is_space(moved.text, span.start - 1) else " "
                text = before + text + ("" if _is_space(moved.text, span.start) else " ")
            pieces.append(text)
            place = max(place, span.end)
        return "".join([*pieces, *spelled[place:end]])

    return within(None, *whole)


def _touches(span: Span, part: Span, length: int) -> bool:
    """Whether any of the span is in the part. Between two parts is a space: a point at it is in the first."""
    if span.start == span.end:
        is_filled = part.start < part.end or length == 0
        return is_filled and part.start <= span.start <= part.end
    return span.start < part.end and part.start < span.end


def _is_apart(text: str, place: int) -> bool:
    """Whether there is a space on both sides of the place."""
    return _is_space(text, place - 1) and _is_space(text, place)


def _is_space(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isspace()
