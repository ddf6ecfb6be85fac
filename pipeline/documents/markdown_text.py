"""The text of a block of Markdown with its inline markup, and how a translation of it is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from pipeline.documents.document import BlockKind, Document, Inline, Part
from pipeline.documents.draft import Draft
from pipeline.documents.inline import Moved
from pipeline.documents.markup import (
    MarkupTemplate,
    ReadBlock,
    Slot,
    goes_on_after_break,
    joined,
    nested_in,
    spell,
    write,
)
from pipeline.documents.tags import HTML

END = "end"
"""In a token's `meta`: where a link or an image ends."""
TEMPLATE_TAG = "template_tag"
_BREAK = re.compile(r"(?: *|\\)\n[ \t]*")
_NOTE = re.compile(r"\[\^[^\]]*\]")
_HTML_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[A-Za-z][\w-]*)[^>]*?(?P<empty>/?)>", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|[\[\]`]|<(?=[A-Za-z/!?])|&(?=\w+;|#)"
    r"|\*(?!\s)|(?<!\s)\*|(?<!\w)_(?!\s)|(?<!\s)_(?!\w)|~(?=~)|(?<=~)~"
)
"""Characters that would be markup where they stand."""
_LINE_START = re.compile(
    r"(?:[-+](?=\s|$)|\#{1,6}(?=\s|$)|>|~~~|=+\s*$|-+\s*$|\d{1,9}(?P<mark>[.)])(?=\s|$))"
)
"""What would begin a list, a heading, a quotation or code at the start of a line."""
_EMPHASIS = frozenset("*_~")


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a block as the parser has it, and where each character and its end stand in the source."""

    source: str
    text: str
    places: Sequence[int]

    def raw(self, start: int, end: int) -> str:
        """How a part of it is spelled, with what begins the lines in a quotation or a list."""
        return self.source[self.places[start] : self.places[end]]

    def part(self, start: int, end: int) -> "Content":
        """A part of it, by its characters."""
        return Content(self.source, self.text[start:end], self.places[start : end + 1])


@dataclass(frozen=True, slots=True)
class MarkdownTemplate(MarkupTemplate):
    """The source of a block; `in_line` if it cannot begin a line: a heading, a cell of a table."""

    in_line: bool = False
    in_cell: bool = False

    def _write(
        self,
        slot: Slot,
        moved: Moved,
        inlines: Sequence[Inline],
        parts: Sequence[Part],
        written: Mapping[int, str],
    ) -> str:
        characters = spell(slot, parts)
        for start, end in _changed(parts):
            for match in _SPECIAL.finditer(moved.text, start, end):
                _escape(characters, moved.text, match.start())
            for place in range(start, end):
                if self.in_cell and moved.text[place] == "|":
                    _escape(characters, moved.text, place)
        for place in () if self.in_line else _line_starts(characters):
            if mark := _LINE_START.match(moved.text, place):
                _escape(characters, moved.text, mark.start("mark") if mark["mark"] else place)
        # Two marks of emphasis with nothing between them would be shown.
        inlines = [
            replace(inline, opening=(), closing="")
            if moved.spans[n].start == moved.spans[n].end and _is_emphasis(inline)
            else inline
            for n, inline in enumerate(inlines)
        ]
        return write(slot.text, moved, inlines, characters, written)


def parse_content(
    content: Content, tokens: Sequence[Token], kind: BlockKind, *, in_line: bool, in_cell: bool
) -> Document:
    """The document of a block's text, as a source of its own."""
    first = content.places[0]
    source = content.source[first : content.places[-1]]
    reader = _Reader(Content(source, content.text, [p - first for p in content.places]), kind)
    reader.read(tokens)
    slots = [slot for _, slot, _ in reader.blocks]
    template = MarkdownTemplate(source, slots, nested_in(reader.blocks), in_line, in_cell)
    return joined("markdown", reader.blocks, template)


def _changed(parts: Sequence[Part]) -> Sequence[tuple[int, int]]:
    """The spans in the translated block of the sentences that are not as in the source."""
    spans, shift = [], 0
    for part in parts:
        start = part.start + shift
        shift += len(part.target) - (part.end - part.start)
        if part.source != part.target:
            spans.append((start, start + len(part.target)))
    return spans


def _line_starts(characters: Sequence[str]) -> list[int]:
    return [0, *(n for n, before in enumerate(characters, 1) if "\n" in before)]


def _escape(characters: list[str], text: str, place: int) -> None:
    if characters[place] == text[place]:
        characters[place] = f"\\{text[place]}"


def _is_emphasis(inline: Inline) -> bool:
    return _EMPHASIS.issuperset("".join(map(str, inline.opening)))


class _Reader:
    """Reads the tokens of a text: `blocks` are its texts, those in the markup of others first."""

    def __init__(self, content: Content, kind: BlockKind) -> None:
        self.blocks: list[ReadBlock] = []
        self._content = content
        self._kind = kind
        self._place = 0
        self._begins = 0
        self._draft = Draft()

    def read(self, tokens: Sequence[Token]) -> None:
        """Read all tokens."""
        if self._kind is BlockKind.LIST_ITEM and (task := _TASK.match(self._content.text)):
            self._begins = task.end()
        waiting = iter(tokens)
        for token in waiting:
            self._read(token, waiting)
        self._end_block()

    def _read(self, token: Token, waiting: Iterator[Token]) -> None:
        kind = token.type
        if kind == "text":
            for character in token.content:
                self._add(character, 1)
        elif kind == "text_special":
            self._add(token.content, len(token.markup))
        elif kind == "softbreak":
            self._add(" ", self._size(_BREAK))
        elif kind == "hardbreak":
            self._read_break()
        elif kind == "code_inline":
            run = token.markup
            inside = re.compile(rf"{run}.*?(?<!`){run}(?!`)", re.DOTALL)
            self._draft.keep(token.content, self._take(self._size(inside)))
        elif kind == TEMPLATE_TAG:
            self._draft.keep(token.content, self._take(len(token.content)))
        elif kind == "link_open" and token.markup == "autolink":
            address = next(waiting).content
            next(waiting)
            self._draft.keep(address, self._take(self._size(_ANY_TAG)))
        elif kind == "link_close":
            self._draft.close("link", self._take(token.meta[END] - self._place))
        elif kind == "image":
            self._read_image(token)
        elif kind == "footnote_ref":
            self._draft.point(self._take(self._size(_NOTE)))
        elif kind == "html_inline":
            self._read_html(token, waiting)
        elif kind.endswith("_open"):
            self._draft.open(kind.removesuffix("_open"), self._take(len(token.markup) or 1))
        elif kind.endswith("_close"):
            self._draft.close(kind.removesuffix("_close"), self._take(len(token.markup)))

    def _read_image(self, token: Token) -> None:
        """An image is a point; its description is a text of its own."""
        size, alt = token.meta[END] - self._place, self._place + 2
        raw: list[str | int] = [self._content.raw(self._place, self._place + size)]
        reader = _Reader(self._content.part(alt, alt + len(token.content)), BlockKind.CAPTION)
        reader.read(token.children or [])
        if len(reader.blocks) == 1 and not nested_in(reader.blocks):
            _, slot, inlines = reader.blocks[0]
            first, last = slot.start, slot.end
            raw = [
                self._content.source[self._content.places[self._place] : first],
                len(self.blocks),
                self._content.source[last : self._content.places[self._place + size]],
            ]
            self.blocks.append((BlockKind.CAPTION, slot, inlines))
        self._take(size)
        self._draft.point(*raw)

    def _read_html(self, token: Token, waiting: Iterator[Token]) -> None:
        tag = _HTML_TAG.match(token.content)
        if tag is None or tag["empty"] or (name := tag["name"].lower()) in HTML.void:
            self._draft.point(self._take(len(token.content)))
        elif tag["closes"]:
            self._draft.close(f"<{name}", self._take(len(token.content)))
        elif name in HTML.kept:
            self._keep_element(name, token, waiting)
        else:
            self._draft.open(f"<{name}", self._take(len(token.content)))

    def _keep_element(self, name: str, token: Token, waiting: Iterator[Token]) -> None:
        """Keep an element of HTML that is not translated, up to its end tag or the end of the text."""
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE)
        found = end.search(self._content.text, self._place)
        last = found.end() if found else len(self._content.text)
        text = self._content.text[self._place + len(token.content) : last]
        for inside in waiting:
            if inside.type == "html_inline" and end.fullmatch(inside.content):
                break
        self._draft.keep(_ANY_TAG.sub("", text).strip(), self._take(last - self._place))

    def _read_break(self) -> None:
        """A line break ends a block, unless a sentence goes on after it."""
        size = self._size(_BREAK)
        before = "".join(self._draft.text).rstrip()
        after = self._content.text[self._place + size :].lstrip("*_~[`\\")
        if not goes_on_after_break(before, after):
            self._place += size
            self._end_block()
            return
        self._draft.add(" ", "")
        self._draft.point(self._take(size))

    def _add(self, characters: str, size: int) -> None:
        """Add characters that are spelled by the next `size` of the content."""
        if self._place >= self._begins:
            self._draft.add(characters, self._take(size))
        else:
            self._place += size

    def _end_block(self) -> None:
        draft, self._draft = self._draft, Draft()
        if found := draft.finish(str):
            self.blocks.append((self._kind, *found))

    def _size(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._content.text, self._place)
        return len(found.group()) if found else 0

    def _take(self, size: int) -> str:
        """The next characters as they are spelled; the block goes on to their end."""
        start, self._place = self._place, self._place + size
        self._draft.extend(self._content.places[start], self._content.places[self._place])
        return self._content.raw(start, self._place)
