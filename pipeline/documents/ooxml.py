"""DOCX and PPTX: paragraphs of runs. A run is a stretch of text with one style.

A sentence may extend over runs. The most used style of a paragraph is its own style; other styles, links
and note marks are inline markup, which moves with its words. The runs of a translated paragraph are
rewritten; everything else in the file stays as it is.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.documents.document import Block, BlockKind, Document, Filled, Format, Inline, Part
from pipeline.documents.inline import Moved
from pipeline.documents.markup import escape_text
from pipeline.documents.office_zip import OfficeZip
from pipeline.documents.xml_tree import Element, parse_xml
from pipeline.errors import InvalidDocument

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Dialect:
    """The names that a format has for the same things."""

    format: Format
    parts: re.Pattern[str]
    paragraph: str
    run: str
    properties: str
    text: str
    no_style: re.Pattern[str]
    """Properties of a run that are not style: proofing and revision marks."""


_WORD = _Dialect(
    "docx",
    re.compile(r"word/(?:document|(?:header|footer)\d*|footnotes|endnotes|comments)\.xml"),
    "w:p",
    "w:r",
    "w:rPr",
    "w:t",
    re.compile(r"<w:(?:lang|noProof|rtl|webHidden)\b[^>]*/>| w:rsid\w*=\"[^\"]*\""),
)
_SLIDES = _Dialect(
    "pptx",
    re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml"),
    "a:p",
    "a:r",
    "a:rPr",
    "a:t",
    re.compile(r" (?:lang|altLang|dirty|err|smtClean)=\"[^\"]*\""),
)
_TRACKED = {"w:ins", "w:del", "w:moveFrom", "w:moveTo"}
_UNSEEN = {"w:proofErr", "w:lastRenderedPageBreak"}
_MARKS = {
    "w:bookmarkStart", "w:bookmarkEnd", "w:commentRangeStart", "w:commentRangeEnd",
}  # fmt: skip
"""Elements between runs that have no text."""
_NOTES = {"w:footnoteReference", "w:endnoteReference", "w:commentReference"}
"""What makes a run a mark that follows a word."""
_HEADING = re.compile(r'<w:pStyle w:val="(?:Heading|Title|Subtitle)')


def parse_docx(document: str) -> Document:
    """The document of a Word file in base64; InvalidDocument where it has tracked changes."""
    return _parse(document, _WORD)


def parse_pptx(document: str) -> Document:
    """The document of a PowerPoint file in base64."""
    return _parse(document, _SLIDES)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a run begins, with its properties, and the link that it is in, as they are spelled."""

    link: str
    run: str


@dataclass(slots=True)
class _Paragraph:
    """A stretch of runs that is translated as one: a slot of a part."""

    part: str
    kind: BlockKind
    start: int = -1
    end: int = -1
    text: str = ""
    styles: list[_Style] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    points: list[tuple[int, str]] = field(default_factory=list)
    inlines: list[Inline] = field(default_factory=list)
    style_of: dict[int, _Style] = field(default_factory=dict)
    own: _Style = _Style("", "")


@dataclass(frozen=True, slots=True)
class OfficeTemplate:
    """The file, its parts that have texts, and the places of those."""

    file: OfficeZip
    parts: Mapping[str, str]
    paragraphs: Sequence[_Paragraph]
    dialect: _Dialect

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, Sequence[Part]]) -> Filled:
        """The file with the translated paragraphs."""
        changes: dict[str, list[tuple[int, int, str]]] = {}
        for number, paragraph in enumerate(self.paragraphs):
            own = parts.get(number, ())
            if any(part.source != part.target for part in own):
                written = self._write(paragraph, blocks[number], own)
                changes.setdefault(paragraph.part, []).append(
                    (paragraph.start, paragraph.end, written)
                )
        changed = {}
        for name, of_part in changes.items():
            source, pieces, place = self.parts[name], list[str](), 0
            for start, end, written in sorted(of_part):
                pieces += [source[place:start], written]
                place = end
            changed[name] = "".join([*pieces, source[place:]])
        return Filled(self.file.with_parts(changed))

    def _write(self, paragraph: _Paragraph, block: Block, parts: Sequence[Part]) -> str:
        """The paragraph from the first character of its first run to the last of its last."""
        moved = Moved(paragraph.text, block.inline, parts)
        styles = [paragraph.own] * len(moved.text)
        # Those in others come after them, and have the last word.
        for number in sorted(paragraph.style_of, key=lambda n: block.inline[n].parent is not None):
            start, end = moved.spans[number]
            styles[start:end] = [paragraph.style_of[number]] * (end - start)
        points: dict[int, str] = {}
        for number, inline in enumerate(block.inline):
            if number not in paragraph.style_of:
                place = moved.spans[number].start
                points[place] = points.get(place, "") + "".join(map(str, inline.opening))
        pieces: list[str] = []
        now = paragraph.styles[0]
        for place, character in enumerate(moved.text):
            if place in points or styles[place] != now:
                pieces += [self._switch(now, styles[place], points.get(place, ""))]
                now = styles[place]
            pieces.append(escape_text(character))
        last = paragraph.styles[-1]
        if len(moved.text) in points or last != now:
            pieces.append(self._switch(now, last, points.get(len(moved.text), "")))
        return "".join(pieces)

    def _switch(self, now: _Style, then: _Style, between: str) -> str:
        """The end of a run, what stands between, and the beginning of the next."""
        text, run = self.dialect.text, self.dialect.run
        preserve = ' xml:space="preserve"' if self.dialect is _WORD else ""
        ends, begins = "", ""
        if now.link != then.link:
            ends = "</w:hyperlink>" if now.link else ""
            begins = then.link
        return f"</{text}></{run}>{ends}{between}{begins}{then.run}<{text}{preserve}>"


def _parse(document: str, dialect: _Dialect) -> Document:
    file = OfficeZip.of_base64(document)
    names = (name for name in file.names() if dialect.parts.fullmatch(name))
    parts = file.texts(names)
    if not parts:
        raise InvalidDocument(
            f"The file is not a {dialect.format.upper()} file: it has no part with text."
        )
    paragraphs: list[_Paragraph] = []
    for name, source in parts.items():
        root = parse_xml(source)
        if dialect is _WORD and any(e.name in _TRACKED for e in root.walk()):
            raise InvalidDocument(
                "The document has tracked changes: accept or reject them, then send it again."
            )
        paragraphs += _Reader(name, source, dialect).read(root)
    blocks, texts, length = [], [], 0
    for paragraph in paragraphs:
        end = length + len(paragraph.text)
        blocks.append(Block(paragraph.kind, "text", length, end, tuple(paragraph.inlines)))
        texts.append(paragraph.text)
        length = end + 2
    template = OfficeTemplate(file, parts, paragraphs, dialect)
    return Document(dialect.format, {"text": "\n\n".join(texts)}, tuple(blocks), template)


class _Reader:
    """Reads the paragraphs of one part."""

    def __init__(self, part: str, source: str, dialect: _Dialect) -> None:
        self._part = part
        self._source = source
        self._dialect = dialect
        self._found: list[_Paragraph] = []
        self._now = _Paragraph(part, BlockKind.PARAGRAPH)
        self._text_end = -1

    def read(self, root: Element) -> list[_Paragraph]:
        """The stretches of text under an element, in order."""
        self._read_below(root, BlockKind.PARAGRAPH)
        return self._found

    def _read_below(self, element: Element, kind: BlockKind) -> None:
        for child in element.children:
            if child.name == self._dialect.paragraph:
                self._read_paragraph(child, kind)
            else:
                self._read_below(child, BlockKind.CELL if child.name == "w:tc" else kind)

    def _read_paragraph(self, paragraph: Element, kind: BlockKind) -> None:
        head = self._source[paragraph.inner : paragraph.inner + 200]
        self._end(BlockKind.HEADING if _HEADING.search(head) else kind)
        self._read_runs(paragraph, "")
        self._end(kind)

    def _read_runs(self, parent: Element, link: str) -> None:
        for child in parent.children:
            if child.name == self._dialect.run:
                self._read_run(child, link)
            elif child.name == "w:hyperlink" and not link:
                self._read_runs(child, self._source[child.start : child.inner])
            elif child.name in _MARKS:
                self._now.points.append((len(self._now.text), self._raw(child)))
            elif child.name not in _UNSEEN and child.name not in ("w:pPr", "a:pPr"):
                self._end(self._now.kind)
                self._read_runs(child, "")
                self._end(self._now.kind)

    def _read_run(self, run: Element, link: str) -> None:
        dialect = self._dialect
        properties = run.child(dialect.properties)
        raw = self._source[run.start : run.inner] + (self._raw(properties) if properties else "")
        style = _Style(link, raw)
        key = (link, dialect.no_style.sub("", raw))
        contents = [c for c in run.children if c is not properties and c.name not in _UNSEEN]
        if any(child.name in _NOTES for child in contents):
            self._now.points.append((len(self._now.text), self._raw(run)))
            return
        for child in contents:
            if child.name == dialect.text:
                self._add(child, style, key)
            else:
                # A tab, a line break, a field, a picture: no sentence goes over it.
                self._end(self._now.kind)
                self._read_below(child, self._now.kind)

    def _add(self, element: Element, style: _Style, key: tuple[str, str]) -> None:
        text = html.unescape(self._source[element.inner : element.inner_end])
        if not text:
            return
        now = self._now
        if now.start < 0:
            now.start, now.points = element.inner, []
        now.end = element.inner_end
        now.text += text
        now.styles += [style] * len(text)
        now.keys += [key] * len(text)

    def _end(self, kind: BlockKind) -> None:
        """End the stretch; the next one is of this kind."""
        done, self._now = self._now, _Paragraph(self._part, kind)
        if not _LETTER.search(done.text):
            return
        _find_inlines(done)
        self._found.append(done)

    def _raw(self, element: Element) -> str:
        return self._source[element.start : element.end]


def _find_inlines(paragraph: _Paragraph) -> None:
    """Make inlines of the links, of the styles that are not the most used, and of the marks."""
    keys, styles = paragraph.keys, paragraph.styles
    plain = [place for place, key in enumerate(keys) if not key[0]]
    usual = _usual(keys, plain or range(len(keys)))
    paragraph.own = styles[keys.index(usual)]
    for start, end in _stretches([key[0] for key in keys]):
        own, parent = usual, None
        if keys[start][0] and usual[0] != keys[start][0]:
            own, parent = _usual(keys, range(start, end)), len(paragraph.inlines)
            paragraph.style_of[parent] = styles[keys.index(own, start)]
            paragraph.inlines.append(Inline(start, end, (" ",), " "))
        for first, last in _stretches(keys[start:end]):
            if keys[start + first] != own:
                number = len(paragraph.inlines)
                paragraph.style_of[number] = styles[start + first]
                inline = Inline(start + first, start + last, (" ",), " ", parent)
                paragraph.inlines.append(inline)
    for place, raw in paragraph.points:
        if place < len(paragraph.text):
            paragraph.inlines.append(Inline(place, place, (raw,), ""))


def _usual(keys: Sequence[tuple[str, str]], places: Sequence[int] | range) -> tuple[str, str]:
    return Counter(keys[place] for place in places).most_common(1)[0][0]


def _stretches(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    """The stretches of equal values, as `[start, end)`."""
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            yield start, place
            start = place
