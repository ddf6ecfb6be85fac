"""The formats that a request's document may come in, and that its translation goes out in."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.documents.article import parse_article
from pipeline.documents.document import Document, Segment
from pipeline.documents.plain_text import parse_text
from pipeline.documents.rendering import render_fields
from pipeline.requests import Article, Source


@dataclass(frozen=True, slots=True)
class Rendered:
    """The translation as `text` or as `article`, and the span of each segment's target in its field."""

    text: str | None
    article: Article | None
    offsets: Sequence[tuple[int, int]]


def parse(request: Source) -> Document:
    """The document of a request."""
    if request.article is not None:
        return parse_article(request.article.fields())
    return parse_text(request.text or "")


def render(
    document: Document,
    segments: Sequence[Segment],
    targets: Sequence[str],
    *,
    keep_furniture: bool,
) -> Rendered:
    """The document in its own format, with each segment's target in its place."""
    rendered = render_fields(document, segments, targets, keep_furniture=keep_furniture)
    if document.format == "article":
        return Rendered(None, Article.model_construct(None, **rendered.fields), rendered.offsets)
    return Rendered(rendered.fields["text"], None, rendered.offsets)
