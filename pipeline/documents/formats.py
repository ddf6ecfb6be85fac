"""The formats that a request's document may come in, and that its translation goes out in."""

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

_PARSERS: Mapping[FileFormat, Callable[[str], Document]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "srt": parse_srt,
    "vtt": parse_vtt,
    "docx": parse_docx,
    "pptx": parse_pptx,
    "odt": parse_odt,
    "xliff": parse_xliff,
    "po": parse_po,
    "ninjs": parse_ninjs,
    "newsml": parse_newsml,
    "xml": parse_generic_xml,
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
        return _PARSERS[request.format](request.document)
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
