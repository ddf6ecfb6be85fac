"""Odd and hostile segments: right or flagged, with no exception and no loop."""

import pytest

from pipeline.pipeline import Pipeline
from pipeline.requests import TranslationRequest
from pipeline.results import TranslatedSegment, TranslationResult


def translated(pipeline: Pipeline, *texts: str) -> TranslationResult:
    request = TranslationRequest(text="\n\n".join(texts), source="en", target="es")
    return pipeline.translate(request, unheard)


def translate(pipeline: Pipeline, *texts: str) -> list[TranslatedSegment]:
    return translated(pipeline, *texts).segments


def unheard(done: int, total: int) -> None:
    pass


@pytest.mark.parametrize(
    "text",
    ["10-3", "***", "😀", "def foo(x): return x+1", '{"a": 1, "b": [2, 3]}', "1 | 2 | 3", "—"],
)
def test_what_has_no_words_comes_back(pipeline: Pipeline, text: str) -> None:
    (segment,) = translate(pipeline, text)
    assert segment.target == text


def test_marks_around_words_stay(pipeline: Pipeline) -> None:
    result = translated(
        pipeline, "😀 The vote is in July 😀", "• The vote", "Real Madrid | 10 | 8 | The vote"
    )
    assert result.text is not None
    emoji, item, cells = result.segments
    assert emoji.target.startswith("😀 ")
    assert emoji.target.endswith(" 😀")
    assert "julio" in emoji.target
    assert item.target == "El voto"  # the mark is no part of the sentence
    assert "• El voto" in result.text
    assert "Real Madrid | 10 | 8 | " in cells.target


def test_foreign_names_and_addresses_survive(pipeline: Pipeline) -> None:
    text = (
        "Ünal Šarūnas Jasikevičius wrote to a.b@example.com and https://example.com/a/b?c=d today."
    )
    (segment,) = translate(pipeline, text)
    lost = [
        word
        for word in ("Šarūnas", "Jasikevičius", "a.b@example.com", "https://example.com/a/b?c=d")
        if word not in segment.target
    ]
    assert bool(lost) <= bool(segment.flags)


@pytest.mark.parametrize(
    "text",
    [
        "buffalo " * 60,
        "ha " * 200,
        "A" * 3000,
        "<b>" * 100,
        "( [ { \" “ « ' ‘",
        "La casa es azul and the house is red.",
        "٣٤٥ people, ½ of 3¾, 10^9 × 7.25e-12.",
        " ".join(map(str, range(1, 80))) + " people",
    ],
)
def test_nothing_breaks(pipeline: Pipeline, text: str) -> None:
    for segment in translate(pipeline, text):
        # No loop: an output has at most twice its source's tokens, and some more.
        assert len(segment.target) <= 8 * len(segment.source) + 200
