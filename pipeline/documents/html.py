"""HTML: pages, fragments, and the block comments of Gutenberg.

The text of a block is what a reader sees: entities are decoded, runs of white space become one space.
Everything else stays as it is in the source.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.documents.document import BlockKind, Document, Inline
from pipeline.documents.draft import Draft
from pipeline.documents.html_tokens import Attribute, Kind, Token, attributes, tokens
from pipeline.documents.markup import (
    MarkupTemplate,
    ReadBlock,
    Slot,
    close_inline,
    escape_text,
    goes_on_after_break,
    joined,
    nested_in,
    read_characters,
)
from pipeline.documents.tags import HTML, Tags, xml_tags
from pipeline.requests import TagOptions

_LOOKED_AT = 16
"""Number of enclosing elements that are considered for the kind of a text."""
_MOST_INLINES = 64
"""Maximum markup of a block; more starts another block."""
_META = {
    "description": BlockKind.DECK,
    "og:description": BlockKind.DECK,
    "twitter:description": BlockKind.DECK,
    "og:title": BlockKind.TITLE,
    "twitter:title": BlockKind.TITLE,
    "og:image:alt": BlockKind.CAPTION,
    "twitter:image:alt": BlockKind.CAPTION,
}
_SPACE = re.compile(r"[ \t\n\f\r]+")
_UNSEEN = frozenset("\u00ad\u200b")
"""Characters that mark where a word may be broken: the words of a translation break elsewhere."""
Raw = tuple[str | int, ...]
_LETTER = re.compile(r"[^\W\d_]")


def parse_html(source: str, options: TagOptions | None = None) -> Document:
    """The document of a source; any text is HTML."""
    return _parse(source, HTML.with_options(options), "html")


def parse_generic_xml(source: str, options: TagOptions | None = None) -> Document:
    """The document of an XML file or fragment: the text of its elements, without attributes."""
    outline = options is None or options.outline
    return _parse(source, xml_tags(source, outline=outline).with_options(options), "xml")


def _parse(source: str, tags: Tags, format_: Literal["html", "xml"]) -> Document:
    reader = _Reader(source, tags, format_)
    found = list(tokens(source, is_xml=tags.is_xml))
    place = 0
    while place < len(found):
        note = reader.read_note(found[place : place + _NOTE_TOKENS])
        if not note:
            reader.read(found[place])
        place += note or 1
    return reader.document()


def escape_in_quotes(quote: str) -> Callable[[str], str]:
    """How to write a character in an attribute's value; a bare one ends at a space."""
    table = (
        {"&": "&amp;", "<": "&lt;", '"': "&quot;"} if quote != "'" else {"&": "&amp;", "'": "&#39;"}
    )
    if not quote:
        table |= {"'": "&#39;", ">": "&gt;", "=": "&#61;", "`": "&#96;", " ": "&#32;"}
    return lambda character: table.get(character, character)


@dataclass(slots=True)
class _Draft(Draft):
    """A block that is being read, and the markup just before the place that reading has come to."""

    after_markup: Literal["", "opening", "closing", "seen"] = ""
    last: int = -1


@dataclass(slots=True)
class _Skip:
    """An element that is not translated, and how deep others of its name are nested in it."""

    tag: Token
    in_sentence: bool
    depth: int = 1
    text: list[str] = field(default_factory=list)


_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§]{1,3}|[a-z])[\])]?")
"""What a footnote's mark says."""
_NOTE_TOKENS = 7
"""Maximum tokens of a footnote mark: a link and another element around it."""
_BEFORE_NOTE = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?…\"'”’»)])$")
"""Characters that a footnote mark may follow; "m²" and "CO₂" are not notes."""


class _Reader:
    """The blocks that were read of a source, and the one that is being read."""

    def __init__(self, source: str, tags: Tags, format_: Literal["html", "xml"]) -> None:
        self._source = source
        self._tags = tags
        self._format: Literal["html", "xml"] = format_
        self._blocks: list[ReadBlock] = []
        self._elements: list[str] = []
        self._draft = _Draft()
        self._skip: _Skip | None = None
        self._break: Token | None = None

    def document(self) -> Document:
        """What was read."""
        self._end_block()
        slots = [slot for _, slot, _ in self._blocks]
        template = MarkupTemplate(self._source, slots, nested_in(self._blocks))
        return joined(self._format, self._blocks, template)

    def read(self, token: Token) -> None:
        """Take the next token."""
        if self._skip is not None:
            self._read_skipped(self._skip, token)
        elif token.kind is Kind.TEXT or token.kind is Kind.RAW:
            self._read_text(token.start, token.end)
        elif token.kind is Kind.COMMENT:
            if self._draft.start >= 0:
                self._point(token.start, token.end)
        elif token.kind is Kind.START:
            self._read_start(token)
        else:
            self._read_end(token)

    def read_note(self, following: Sequence[Token]) -> int:
        """Take the footnote mark that begins here; return its number of tokens, or 0."""
        first = following[0]
        if self._skip is not None or first.kind is not Kind.START or first.name != "sup":
            return 0
        if not _BEFORE_NOTE.search("".join(self._draft.text[-3:])):
            return 0
        for count, token in enumerate(following, 1):
            if token.kind is Kind.END and token.name == "sup":
                inside = following[1 : count - 1]
                text = "".join(self._raw(t.start, t.end) for t in inside if t.kind is Kind.TEXT)
                if not _NOTE_MARK.fullmatch(html.unescape(text).strip()):
                    return 0
                self._point(first.start, token.end)
                return count
        return 0

    def _read_start(self, tag: Token) -> None:
        name = tag.name
        given = {a.name: self._source[slice(*a.value)] for a in attributes(self._source, tag)}
        translated = given.get("translate", "").lower() not in ("no", "false") and (
            "notranslate" not in given.get("class", "").split()
        )
        tags = self._tags
        closes_itself = name in tags.void or (
            (tags.is_xml or name in ("svg", "math"))
            and self._source.endswith("/>", tag.start, tag.end)
        )
        if (not translated or name in tags.untranslated) and not closes_itself:
            in_sentence = name in tags.in_sentence
            if not in_sentence:
                self._end_block()
            self._skip = _Skip(tag, in_sentence)
            return
        opening = self._opening(tag, given) if translated else (self._raw(tag.start, tag.end),)
        if name == "br":
            self._read_break(tag)
        elif name in tags.points or (
            closes_itself and name in (tags.in_sentence if tags.is_xml else tags.kept)
        ):
            self._point(tag.start, tag.end, opening, is_seen=name != "wbr")
        elif name in tags.inline:
            self._open(tag, opening)
        else:
            self._end_block()
            if self._elements[-1:] == [name] and name in (
                "p",
                "li",
                "td",
                "th",
                "option",
                "dt",
                "dd",
            ):
                self._elements.pop()
            if not closes_itself:
                self._elements.append(name)

    def _read_end(self, tag: Token) -> None:
        if tag.name in self._tags.inline:
            self._close(tag)
            return
        self._end_block()
        if tag.name in self._elements[-_LOOKED_AT:]:
            while self._elements.pop() != tag.name:
                pass

    def _read_skipped(self, skip: _Skip, token: Token) -> None:
        if token.kind is Kind.TEXT and skip.tag.name not in self._tags.silent:
            skip.text.append(self._raw(token.start, token.end))
        if token.name != skip.tag.name or token.kind not in (Kind.START, Kind.END):
            return
        skip.depth += 1 if token.kind is Kind.START else -1
        if skip.depth:
            return
        self._skip = None
        if not skip.in_sentence:
            return
        text = _SPACE.sub(" ", html.unescape("".join(skip.text))).strip()
        if skip.tag.name in ("svg", "math") or not text:
            if self._draft.start >= 0 or text:
                is_seen = skip.tag.name not in self._tags.silent
                self._point(skip.tag.start, token.end, is_seen=is_seen)
            return
        if self._break is not None:
            self._settle_break(text)
        self._make_room()
        self._draft.extend(skip.tag.start, token.end)
        draft = self._draft
        start = len(draft.text)
        draft.text += text
        draft.spelled += map(escape_text, text)
        raw = self._raw(skip.tag.start, token.end)
        parent = draft.parent()
        draft.inlines.append(Inline(start, len(draft.text), (raw,), "", parent, kept=True))
        draft.after_markup = ""

    def _read_text(self, start: int, end: int) -> None:
        bare = _SPACE.sub("", self._raw(start, end))
        if self._break is not None and bare:
            self._settle_break(bare)
        for characters, raw in read_characters(self._source, start, end):
            if characters == " ":
                self._space(raw)
            else:
                self._draft.extend(start, start + len(raw))
                if characters not in _UNSEEN:
                    self._draft.text += characters
                    self._draft.spelled += [raw, *[""] * (len(characters) - 1)]
                    self._draft.after_markup = ""
            start += len(raw)

    def _space(self, run: str) -> None:
        """Keep one space of a run; the rest stays with the markup before it."""
        draft = self._draft
        if draft.start < 0:
            return
        if draft.after_markup == "seen" or (draft.text and draft.text[-1] != " "):
            draft.text.append(" ")
            draft.spelled.append(run)
            draft.after_markup = ""
        elif draft.after_markup:
            self._add_to_markup(run)
        elif draft.spelled:
            draft.spelled[-1] += run

    def _add_to_markup(self, raw: str) -> None:
        draft = self._draft
        inline = draft.inlines[draft.last]
        if draft.after_markup == "opening":
            inline = replace(inline, opening=(*inline.opening, raw))
        else:
            inline = replace(inline, closing=inline.closing + raw)
        draft.inlines[draft.last] = inline

    def _read_break(self, tag: Token) -> None:
        """A line break ends a block, unless a sentence goes on after it: the next text decides."""
        if self._break is not None or not self._draft.text:
            self._end_block()
        else:
            self._break = tag

    def _settle_break(self, following: str) -> None:
        tag, self._break = self._break, None
        if tag is None:
            return
        before = "".join(self._draft.text).rstrip()
        if goes_on_after_break(before, following):
            if self._draft.text[-1] != " ":
                self._draft.text.append(" ")
                self._draft.spelled.append("")
            self._point(tag.start, tag.end)
        else:
            self._end_block()

    def _make_room(self) -> None:
        """End a block that has as much markup as one may have."""
        if len(self._draft.inlines) >= _MOST_INLINES:
            self._end_block()

    def _point(
        self, start: int, end: int, opening: Raw | None = None, *, is_seen: bool = False
    ) -> None:
        """Markup that covers no text."""
        self._make_room()
        if self._break is not None:
            self._settle_break("")
        self._draft.extend(start, end)
        draft, place = self._draft, len(self._draft.text)
        parent = draft.parent()
        opening = opening or (self._raw(start, end),)
        draft.inlines.append(Inline(place, place, opening, "", parent))
        draft.after_markup = "seen" if is_seen else "closing"
        draft.last = len(draft.inlines) - 1

    def _open(self, tag: Token, opening: Raw) -> None:
        self._make_room()
        if self._break is not None:
            self._settle_break("")
        self._draft.extend(tag.start, tag.end)
        draft, place = self._draft, len(self._draft.text)
        parent = draft.parent()
        draft.inlines.append(Inline(place, place, opening, "", parent))
        draft.open_inlines.append((tag.name, len(draft.inlines) - 1))
        draft.after_markup, draft.last = "opening", len(draft.inlines) - 1

    def _close(self, tag: Token) -> None:
        draft, place, raw = self._draft, len(self._draft.text), self._raw(tag.start, tag.end)
        if draft.start < 0:
            return
        if self._break is not None:
            self._settle_break("")
            if self._draft.start < 0:
                return
        names = [name for name, _ in draft.open_inlines]
        if tag.name not in names and len(draft.inlines) >= _MOST_INLINES:
            self._end_block()
            return
        self._draft.extend(tag.start, tag.end)
        number = close_inline(draft.inlines, draft.open_inlines, tag.name, place, raw)
        draft.after_markup, draft.last = "closing", number

    def _end_block(self) -> None:
        draft, self._draft, self._break = self._draft, _Draft(), None
        if not _LETTER.search("".join(draft.text)):
            return
        if draft.text[-1] == " " and not draft.after_markup:
            draft.text.pop()
            draft.spelled.pop()
        length = len(draft.text)
        for _, number in draft.open_inlines:
            draft.inlines[number] = replace(draft.inlines[number], end=length)
        text = "".join(draft.text)
        slot = Slot(draft.start, draft.end, text, draft.spelled, escape_text)
        inlines = tuple(draft.inlines)
        self._blocks.append((self._kind(), slot, inlines))

    def _kind(self) -> BlockKind:
        kinds = (self._tags.kinds.get(name) for name in reversed(self._elements[-_LOOKED_AT:]))
        return next((kind for kind in kinds if kind is not None), BlockKind.PARAGRAPH)

    def _opening(self, tag: Token, given: Mapping[str, str]) -> Raw:
        """The tag, with the numbers of the blocks that its attributes are."""
        parts: list[str | int] = []
        place = tag.start
        meta = _META.get((given.get("property") or given.get("name") or "").lower())
        for attribute in attributes(self._source, tag):
            kind = self._tags.spoken.get(attribute.name)
            if tag.name == "meta":
                kind = meta if attribute.name == "content" else None
            if kind is None:
                continue
            slot = self._attribute(attribute)
            if slot is None:
                continue
            parts += [self._raw(place, slot.start), len(self._blocks)]
            self._blocks.append((kind, slot, ()))
            place = slot.end
        return (*parts, self._raw(place, tag.end))

    def _attribute(self, attribute: Attribute) -> Slot | None:
        value = self._raw(*attribute.value)
        bare = value.strip(" \t\n\f\r")
        if not _LETTER.search(html.unescape(bare)):
            return None
        start = attribute.value.start + value.index(bare)
        text, spelled = list[str](), list[str]()
        for characters, raw in read_characters(self._source, start, start + len(bare)):
            text += characters
            spelled += [raw, *[""] * (len(characters) - 1)]
        escape = escape_in_quotes(attribute.quote)
        return Slot(start, start + len(bare), "".join(text), spelled, escape)

    def _raw(self, start: int, end: int) -> str:
        return self._source[start:end]
