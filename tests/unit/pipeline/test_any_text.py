"""The pipeline on whatever Unicode can spell: never an exception, never a lost paragraph."""

from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.documents.plain_text import parse_text
from pipeline.documents.rendering import render_fields
from pipeline.normalise import Change
from pipeline.pipeline import Pipeline
from pipeline.requests import Article, SummaryRequest, TranslationRequest
from pipeline.segments import split

SCALARS = st.characters(exclude_categories=["Cs"])
PROSE = st.sampled_from(
    ["The vote is in July.", "By Jane Doe", "ON NOW", "“No,” she said.", "- one", "107", "12:30"]
)
GAPS = st.sampled_from(["\n", "\n\n", "\n\n\n", " ", "\r\n", "\t", "\u2028", "\x0b", "\x85"])
ANY = st.one_of(
    st.text(SCALARS, min_size=1, max_size=80),
    st.lists(st.one_of(PROSE, GAPS, st.text(SCALARS, max_size=20)), min_size=1).map("".join),
).filter(lambda text: text.strip() != "")


def silent(done: int, total: int) -> None:
    """No progress to show."""


@given(text=ANY)
def test_parsing_and_rendering_lose_nothing(text: str) -> None:
    document = parse_text(text)
    read = document.fields["text"]
    segments = split(document, "en")
    targets = [segment.text for segment in segments]
    rendered = render_fields(document, segments, targets, keep_furniture=True)
    output = rendered.fields["text"]
    assert output == with_stories_as_read(document, text)
    if read == text:
        assert output == text
    for segment, (start, end) in zip(segments, rendered.offsets, strict=True):
        assert output[start:end] == read[segment.start : segment.end] == segment.text
    # All that is not white space is in a block.
    inside = "".join(read[block.start : block.end] for block in document.blocks)
    assert "".join(inside.split()) == "".join(read.split())


@profile(max_examples=40)
@given(text=ANY)
def test_a_translation_keeps_its_paragraphs_and_offsets(pipeline: Pipeline, text: str) -> None:
    request = TranslationRequest(text=text, source="en", target="es", furniture="keep")
    result = pipeline.translate(request, silent)
    assert result.text is not None
    result.text.encode()
    document = parse_text(text)
    segments = split(document, "en")
    assert [one.source for one in result.segments] == [segment.text for segment in segments]
    changed = [change for change in document.read("text").changes if change.applied]
    for segment in result.segments:
        target, source = segment.target_span, segment.source_span
        assert result.text[target.start : target.end] == segment.target
        if not within(changed, source.start, source.end):
            assert text[source.start : source.end] == segment.source
    # What stands between the sentences is as it was sent.
    before = gaps([(s.source_span.start, s.source_span.end) for s in result.segments], len(text))
    after = gaps(
        [(s.target_span.start, s.target_span.end) for s in result.segments], len(result.text)
    )
    for number, ((start, end), (begin, stop)) in enumerate(zip(before, after, strict=True)):
        if not within(changed, start, end) and not in_a_row(document, segments, number):
            assert result.text[begin:stop] == text[start:end]


@profile(max_examples=40)
@given(text=ANY, title=ANY)
def test_a_summary_is_of_the_text(pipeline: Pipeline, text: str, title: str) -> None:
    article = Article(title=title, body=text)
    result = pipeline.summarize(SummaryRequest(article=article, source="en"), silent)
    for sentence in result.sentences:
        for span in sentence.sources:
            assert article.fields()[span.field][span.start : span.end].strip()


def with_stories_as_read(document: Document, text: str) -> str:
    """The text as it was sent, with each block of the story as it is read."""
    parts, place = [], 0
    for block in document.blocks:
        start, end = document.as_sent("text", block.start, block.end)
        kept = block.kind is BlockKind.FURNITURE
        read = document.fields["text"][block.start : block.end]
        parts += [text[place:start], text[start:end] if kept else read]
        place = end
    return "".join(parts) + text[place:]


def gaps(spans: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The spans before, between and after the spans of a text of this length."""
    edges = [0, *(edge for span in spans for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def within(changes: list[Change], start: int, end: int) -> bool:
    """Tell whether a part of the span was changed."""
    return any(change.start < end and start < change.end for change in changes)


def in_a_row(document: Document, segments: list[Segment], gap: int) -> bool:
    """Tell whether the gap before the segment of this number is between columns, which stay aligned."""
    return 0 < gap < len(segments) and (
        segments[gap - 1].block == segments[gap].block
        and document.blocks[segments[gap].block].kind is BlockKind.TABLE_ROW
    )
