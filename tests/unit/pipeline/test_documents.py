"""Files through the pipeline with the embedded model: the texts are translated, nothing else changes."""

from typing import cast

import pytest

from pipeline.languages import settle_translation
from pipeline.pipeline import Pipeline
from pipeline.requests import FileFormat, SummaryRequest, TranslationRequest
from pipeline.results import TranslationResult
from service.settings import Settings
from workers.resident import pipeline_of

STORY = """<article class="x"><!-- 1 --><h1>The vote is in July</h1>
<p>The mayor said on <b>Tuesday</b> that <a href="/?a=1&amp;b">107 people</a> were released.</p>
<p>The red car was parked near the <i>White House</i>. Nobody was hurt.</p></article>
"""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return pipeline_of(Settings(), Settings().load_catalogue())


def silent(done: int, total: int) -> None:
    pass


def translated(pipeline: Pipeline, document: str, format_: str) -> TranslationResult:
    request = TranslationRequest(document=document, format=cast(FileFormat, format_), target="es")
    settled = settle_translation(request, pipeline.decoder.catalogue)
    return pipeline.translate(settled, silent)


def test_tags_of_a_page_are_on_the_words_that_they_were_on(pipeline: Pipeline) -> None:
    result = translated(pipeline, STORY, "html")
    assert result.source == "en"
    assert result.document is not None
    assert result.document.startswith('<article class="x"><!-- 1 --><h1>')
    assert result.document.endswith("</p></article>\n")
    assert '<a href="/?a=1&amp;b">107 personas</a>' in result.document
    assert "martes</b>" in result.document
    assert "<i>Casa Blanca</i>." in result.document
    assert not {"markup-guessed"} & {flag.code for s in result.segments for flag in s.flags}


def test_the_spans_of_a_result_are_in_its_text(pipeline: Pipeline) -> None:
    result = translated(pipeline, STORY, "html")
    assert result.text is not None
    assert len(result.segments) == 4
    for segment in result.segments:
        span = segment.target_span
        assert result.text[span.start : span.end] == segment.target


def test_a_page_can_be_summarized(pipeline: Pipeline) -> None:
    request = SummaryRequest(document=STORY, format="html", source="en")
    result = pipeline.summarize(request, silent)
    assert "107 people were released" in result.text
    assert "<" not in result.text
