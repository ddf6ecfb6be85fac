"""What becomes of the chosen sentences of a summary and their translations."""

from collections.abc import Sequence

import pytest

from models.routes import Leg, Route
from pipeline.checked import Checked
from pipeline.decode import Input
from pipeline.documents.plain_text import parse_text
from pipeline.requests import Length, SummaryRequest
from pipeline.results import SummaryResult
from pipeline.segments import split
from pipeline.style.capitals import Case
from pipeline.style.house import DEFAULT_STYLE
from pipeline.style.regions import Region
from pipeline.summaries.selection import Sentence
from pipeline.summarize import PreparedSummary

SOURCES = ["The mayor spoke on Monday.", "iPhones are sold out."]


def summary(
    translations: Sequence[str], length: Length, wished: int = 0, region: Region | None = None
) -> SummaryResult:
    """A summary in Spanish of the first sentences of an article."""
    request = SummaryRequest(text=" ".join(SOURCES), source="en", target="es", length=length)
    document = parse_text(" ".join(SOURCES))
    prepared = PreparedSummary(
        request,
        DEFAULT_STYLE,
        region,
        Route("en", "es", (Leg("embedded/en-es", "en", "es"),)),
        document,
        split(document, "en"),
        [Sentence(text, [n], n) for n, text in enumerate(SOURCES[: len(translations)])],
        [Case.SENTENCE] * len(translations),
        [Input(text) for text in SOURCES[: len(translations)]],
        wished,
    )
    return prepared.assemble([Checked(text) for text in translations])


def test_a_translated_sentence_begins_with_a_capital_where_its_source_does() -> None:
    result = summary(["el alcalde habló el lunes.", "iPhones agotados."], Length(sentences=2), 2)
    assert [sentence.text for sentence in result.sentences] == [
        "El alcalde habló el lunes.",
        "iPhones agotados.",
    ]
    assert result.shortage is None


def test_a_translated_summary_is_written_as_in_its_region() -> None:
    wrong = ["Vosotros gastasteis 1.234,5 euros el lunes."]
    result = summary(wrong, Length(sentences=1), 1, Region("es-MX"))
    assert result.text == "Vosotros gastasteis 1,234.5 euros el lunes."
    assert result.region is not None
    assert (result.region.tag, "numbers" in result.region.applied) == ("es-MX", True)
    assert {flag.code for flag in result.sentences[0].flags} == {"regional-form"}


@pytest.mark.parametrize(
    ("length", "wished", "shortage"),
    [
        (
            Length(words=3),
            0,
            "The summary has 5 words; the maximum was 3, and it cannot be cut further.",
        ),
        (
            Length(sentences=2),
            2,
            "The summary has 1 of the 2 sentences requested: no others stand alone without "
            "repeating these.",
        ),
        (Length(words=5), 0, None),
    ],
)
def test_a_summary_says_how_it_misses_its_length(
    length: Length, wished: int, shortage: str | None
) -> None:
    assert summary(["El alcalde habló el lunes."], length, wished).shortage == shortage
