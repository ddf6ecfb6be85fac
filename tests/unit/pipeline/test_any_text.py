"""The pipeline on whatever Unicode can spell: never an exception, never a lost paragraph."""

from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from pipeline.documents.document import BlockKind
from pipeline.documents.plain_text import parse_text
from pipeline.documents.rendering import render_fields
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
    if not any(block.kind is BlockKind.FURNITURE for block in document.blocks):
        assert letters(output) == letters(read)
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
    assert len(result.segments) == len(split(document, "en"))
    place = 0
    for segment in result.segments:
        target, source = segment.target_span, segment.source_span
        assert result.text[target.start : target.end] == segment.target
        if not result.normalised:
            # But for line breaks, and a hyphen before one.
            sent = text[source.start : source.end]
            assert letters(sent) == letters(segment.source)
        assert place <= source.start < source.end
        place = source.end


@profile(max_examples=40)
@given(text=ANY, title=ANY)
def test_a_summary_is_of_the_text(pipeline: Pipeline, text: str, title: str) -> None:
    article = Article(title=title, body=text)
    result = pipeline.summarize(SummaryRequest(article=article, source="en"), silent)
    for sentence in result.sentences:
        for span in sentence.sources:
            assert article.fields()[span.field][span.start : span.end].strip()


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
