"""ODT: the paragraphs and headings of an OpenDocument text, with its notes, tables, headers and footers."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.documents.composite import concatenated, own_parts
from pipeline.documents.document import Block, BlockKind, Document, Filled, Part
from pipeline.documents.draft import Draft
from pipeline.documents.markup import (
    MarkupTemplate,
    ReadBlock,
    escape_text,
    joined,
    nested_in,
    read_characters,
)
from pipeline.documents.office_zip import OfficeZip
from pipeline.documents.xml_tree import Element, attributes, parse_xml
from pipeline.errors import InvalidDocument

_PARTS = ("content.xml", "styles.xml")
"""The text, and the headers and footers."""
_MANIFEST = "META-INF/manifest.xml"
_PARAGRAPHS = {"text:p", "text:h"}
_AROUND = {"text:span", "text:a", "text:meta"}
"""Elements around words; all others stand between words."""
_ENDS = {"text:tab", "text:line-break"}
"""No sentence goes over these, as in other office files."""
_KINDS = {
    "table:table-cell": BlockKind.CELL,
    "text:list-item": BlockKind.LIST_ITEM,
    "text:note-body": BlockKind.NOTE,
    "office:annotation": BlockKind.NOTE,
}
_TITLE = re.compile(r"Title|Subtitle")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class OdtTemplate:
    """The file, and its parts that have texts."""

    file: OfficeZip
    parts: Mapping[str, Document]

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, Sequence[Part]]) -> Filled:
        """The file with the translated paragraphs."""
        del blocks  # each part has its own
        changed = {}
        documents = list(self.parts.values())
        for (name, document), own in zip(
            self.parts.items(), own_parts(documents, parts), strict=True
        ):
            if own is not None and document.template is not None:
                changed[name] = document.template.fill(document.blocks, own).text
        return Filled(self.file.with_parts(changed))


def parse_odt(document: str) -> Document:
    """The document of an OpenDocument text in base64.

    Raises InvalidDocument if it has tracked changes or macros, is encrypted, or is something else.
    """
    file = OfficeZip.of_base64(document)
    names = file.names()
    if "content.xml" not in names:
        raise InvalidDocument("The file is not an ODT file: it has no content.xml.")
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise InvalidDocument("The file has macros: save it without them.")
    texts = file.texts(name for name in (*_PARTS, _MANIFEST) if name in names)
    if "encryption-data" in texts.pop(_MANIFEST, ""):
        raise InvalidDocument("The file is encrypted: save it without a password.")
    parts = {name: _parse_part(source) for name, source in texts.items()}
    blocks, text = concatenated(list(parts.values()))
    return Document("odt", {"text": text}, tuple(blocks), OdtTemplate(file, parts))


def _parse_part(source: str) -> Document:
    root = parse_xml(source)
    if any(element.name == "text:changed-region" for element in root.walk()):
        raise InvalidDocument(
            "The document has tracked changes: accept or reject them, then send it again."
        )
    reader = _Reader(source)
    reader.read_below(root, BlockKind.PARAGRAPH)
    slots = [slot for _, slot, _ in reader.blocks]
    return joined("odt", reader.blocks, MarkupTemplate(source, slots, nested_in(reader.blocks)))


class _Reader:
    """Reads the paragraphs of one part: those in the notes and boxes of a paragraph come before it."""

    def __init__(self, source: str) -> None:
        self.blocks: list[ReadBlock] = []
        self._source = source

    def read_below(self, element: Element, kind: BlockKind) -> None:
        """Read the paragraphs in an element."""
        for child in element.children:
            if child.name in _PARAGRAPHS:
                self._read_paragraph(child, kind)
            else:
                self.read_below(child, _KINDS.get(child.name, kind))

    def _read_paragraph(self, paragraph: Element, kind: BlockKind) -> None:
        style = attributes(self._source, paragraph).get("text:style-name", "")
        if _TITLE.match(style):
            kind = BlockKind.TITLE
        elif paragraph.name == "text:h":
            kind = BlockKind.HEADING
        draft = self._read_content(Draft(), paragraph, kind)
        self._end(draft, kind)

    def _read_content(self, draft: Draft, element: Element, kind: BlockKind) -> Draft:
        """Read the content of an element into the draft; return the one that it ends with."""
        place = element.inner
        for child in element.children:
            self._read_text(draft, place, child.start)
            place = child.end
            if child.name in _ENDS:
                draft = self._end(draft, kind)
            elif child.name == "text:s":
                draft.extend(child.start, child.end)
                draft.add(" ", self._raw(child.start, child.end))
            elif child.name in _AROUND and child.inner < child.end:
                draft.extend(child.start, child.inner)
                draft.open(child.name, self._raw(child.start, child.inner))
                draft = self._read_content(draft, child, kind)
                draft.extend(child.inner_end, child.end)
                draft.close(child.name, self._raw(child.inner_end, child.end))
            else:
                self._read_between(draft, child)
        self._read_text(draft, place, element.inner_end)
        return draft

    def _read_text(self, draft: Draft, start: int, end: int) -> None:
        for characters, raw in read_characters(self._source, start, end):
            draft.extend(start, start + len(raw))
            draft.add(characters, raw)
            start += len(raw)

    def _read_between(self, draft: Draft, element: Element) -> None:
        """A note, a picture, a field: paragraphs in it are texts of their own, a field's text is kept."""
        draft.extend(element.start, element.end)
        raw = self._raw(element.start, element.end)
        text = _TAG.sub("", raw)
        if text.strip() and not any(inner.name in _PARAGRAPHS for inner in element.walk()):
            draft.keep(html.unescape(text), raw)
            return
        before = len(self.blocks)
        self.read_below(element, _KINDS.get(element.name, BlockKind.PARAGRAPH))
        nested = nested_in(self.blocks)
        pieces, place = list[str | int](), element.start
        for number in range(before, len(self.blocks)):
            if number not in nested:
                slot = self.blocks[number][1]
                pieces += [self._raw(place, slot.start), number]
                place = slot.end
        draft.point(*pieces, self._raw(place, element.end))

    def _end(self, draft: Draft, kind: BlockKind) -> Draft:
        """End the block; return the next."""
        if found := draft.finish(escape_text):
            self.blocks.append((kind, *found))
        return Draft()

    def _raw(self, start: int, end: int) -> str:
        return self._source[start:end]
