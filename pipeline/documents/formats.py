"""The formats that a request's document may come in, and that its translation goes out in."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from models.engines.alignment import Alignment
from pipeline.documents.article import parse_article
from pipeline.documents.document import Document, Part, Segment
from pipeline.documents.html import parse_generic_xml, parse_html
from pipeline.documents.markdown import parse_markdown
from pipeline.documents.newsml import parse_newsml
from pipeline.documents.ninjs import parse_ninjs
from pipeline.documents.odt import parse_odt
from pipeline.documents.ooxml import parse_docx, parse_pptx
from pipeline.documents.plain_text import parse_text
from pipeline.documents.po import parse_po
from pipeline.documents.rendering import render_fields
from pipeline.documents.subtitles import parse_srt, parse_vtt
from pipeline.documents.xliff import parse_xliff
from pipeline.errors import InvalidDocument
from pipeline.requests import Article, FileFormat, Source, TranslationRequest


@dataclass(frozen=True, slots=True)
class FileType:
    """A file format: its parser, and how its files are recognised."""

    parse: Callable[[str], Document]
    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    """The first is the media type of the translated file."""
    is_binary: bool = False
    """Whether a request carries it in base64."""


_OFFICE = "application/vnd.openxmlformats-officedocument"

FILE_TYPES: dict[FileFormat, FileType] = {
    "html": FileType(
        parse_html, (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml")
    ),
    "markdown": FileType(
        parse_markdown, (".md", ".markdown"), ("text/markdown", "text/x-markdown")
    ),
    "srt": FileType(parse_srt, (".srt",), ("application/x-subrip", "text/srt")),
    "vtt": FileType(parse_vtt, (".vtt",), ("text/vtt",)),
    "docx": FileType(
        parse_docx, (".docx",), (f"{_OFFICE}.wordprocessingml.document",), is_binary=True
    ),
    "pptx": FileType(
        parse_pptx, (".pptx",), (f"{_OFFICE}.presentationml.presentation",), is_binary=True
    ),
    "odt": FileType(
        parse_odt, (".odt",), ("application/vnd.oasis.opendocument.text",), is_binary=True
    ),
    "xliff": FileType(parse_xliff, (".xlf", ".xliff"), ("application/xliff+xml",)),
    "po": FileType(parse_po, (".po", ".pot"), ("text/x-gettext-translation", "text/x-po")),
    "ninjs": FileType(
        parse_ninjs, (".ninjs", ".ninjs.json"), ("application/vnd.iptc.g2.newsitem+json",)
    ),
    "newsml": FileType(
        parse_newsml,
        (".newsml", ".newsml.xml", ".g2.xml"),
        ("application/vnd.iptc.g2.newsitem+xml", "application/vnd.iptc.g2.newsmessage+xml"),
    ),
    # Last, because the names of some other formats end in `.xml` too.
    "xml": FileType(parse_generic_xml, (".xml",), ("application/xml", "text/xml")),
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The translation as `text`, `article` or `document`, and each segment's target's span in its field."""

    text: str | None
    article: Article | None
    document: str | None
    offsets: Sequence[tuple[int, int]]
    notes: Mapping[int, str] = field(default_factory=dict)
    """Notes about blocks that an editor should check in the rendered document, by block number."""


def format_of_name(name: str) -> FileFormat | None:
    """The format of a file by its extension; None if the extension is unknown."""
    named = (
        known
        for known, file_type in FILE_TYPES.items()
        if name.lower().endswith(file_type.extensions)
    )
    return next(named, None)


def format_of_media_type(content_type: str) -> FileFormat | None:
    """The format of a `Content-Type`; None if it is not supported."""
    media_type = content_type.partition(";")[0].strip().lower()
    named = (known for known, type_ in FILE_TYPES.items() if media_type in type_.media_types)
    return next(named, None)


def from_bytes(data: bytes, format_: FileFormat) -> str:
    """Convert a file to the text that a request carries. Raises InvalidDocument if it is not UTF-8."""
    if FILE_TYPES[format_].is_binary:
        return base64.b64encode(data).decode("ascii")
    return decoded(data)


def decoded(data: bytes) -> str:
    """Decode the text of a file. Raises InvalidDocument if it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            f"The document is not UTF-8 (byte {error.start}): convert it first."
        ) from None


def to_bytes(document: str, format_: FileFormat) -> bytes:
    """Convert a document of a request or a result to the bytes of a file."""
    if FILE_TYPES[format_].is_binary:
        return base64.b64decode(document)
    return document.encode("utf-8")


def texts_of(request: Source) -> list[str]:
    """The texts of a request, without the markup around them; InvalidDocument."""
    if request.document is None:
        return list(request.fields().values())
    document = parse(request)
    if not document.blocks:
        raise InvalidDocument("There is no text to translate in the document.")
    return list(document.fields.values())


def count_characters(request: Source) -> int:
    """The characters of a request's texts, without the markup around them."""
    return sum(map(len, texts_of(request)))


def parse(request: Source) -> Document:
    """Parse the document of a request. Raises InvalidDocument if it cannot be read."""
    document = _parse(request)
    if isinstance(request, TranslationRequest) and request.furniture == "translate":
        return document.without_furniture()
    return document


def _parse(request: Source) -> Document:
    if request.article is not None:
        return parse_article(request.article.fields())
    if request.document is not None and request.format is not None:
        if request.tags is not None:
            parse_markup = parse_generic_xml if request.format == "xml" else parse_html
            return parse_markup(request.document, request.tags)
        return FILE_TYPES[request.format].parse(request.document)
    return parse_text(request.text or "", keep_lines=request.keep_lines)


def render(
    document: Document,
    segments: Sequence[Segment],
    targets: Sequence[str],
    alignments: Sequence[Alignment | None],
    *,
    keep_furniture: bool,
) -> Rendered:
    """The document in its own format, with each segment's target in its place."""
    rendered = render_fields(document, segments, targets, keep_furniture=keep_furniture)
    if document.format == "article":
        article = Article.model_construct(None, **rendered.fields)
        return Rendered(None, article, None, rendered.offsets)
    text = rendered.fields["text"]
    if document.template is None:
        return Rendered(text, None, None, rendered.offsets)
    parts = parts_of(document, segments, targets, alignments)
    filled = document.template.fill(document.blocks, parts)
    return Rendered(text, None, filled.text, rendered.offsets, filled.notes)


def parts_of(
    document: Document,
    segments: Sequence[Segment],
    targets: Sequence[str],
    alignments: Sequence[Alignment | None],
) -> dict[int, list[Part]]:
    """The translated parts of each block, by its number."""
    parts: dict[int, list[Part]] = {}
    for segment, target, alignment in zip(segments, targets, alignments, strict=True):
        start = document.blocks[segment.block].start
        part = Part(segment.start - start, segment.end - start, segment.text, target, alignment)
        parts.setdefault(segment.block, []).append(part)
    return parts


def has_inner_markup(document: Document, segment: Segment) -> bool:
    """Whether markup begins or ends inside the segment, and so needs a position in the translation."""
    block = document.blocks[segment.block]
    start, end = segment.start - block.start, segment.end - block.start
    return any(
        start < place < end for inline in block.inline for place in (inline.start, inline.end)
    )
