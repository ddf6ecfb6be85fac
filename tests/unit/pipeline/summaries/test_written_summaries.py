"""Summaries that tiny untrained models of each family write, through the real pipeline."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from models.catalogue import Catalogue, Engine, Model
from models.engines.device import Hardware, select_device
from pipeline.errors import FactsChanged, UnsupportedLanguage
from pipeline.languages import settle_summary
from pipeline.requests import Length, SummaryRequest
from pipeline.results import SummaryResult
from service.settings import Settings
from workers.resident import pipeline_of


@pytest.fixture(params=["bart", "pegasus", "t5", "mt5"])
def summarizer(request: pytest.FixtureRequest, tiny: Callable[[str], Model]) -> Model:
    changes = {"task": "summarize", "target": (), "no_repeat_ngram": 2}
    model = tiny(request.param)
    if model.prefix:
        changes["prefix"] = "summarize: "
    return model.model_copy(update=changes)


def catalogue_of(model: Model, models_dir: Path) -> Catalogue:
    there = {entry.id: entry for entry in Settings().load_catalogue().models}
    return Catalogue({**there, model.id: model}, models_dir)


def run(model: Model, models_dir: Path, text: str, **wish: object) -> SummaryResult:
    request = SummaryRequest.model_validate(
        {"text": text, "source": "en", "target": "en", "model": model.id, **wish}
    )
    catalogue = catalogue_of(model, models_dir)
    pipeline = pipeline_of(Settings(models_dir=models_dir), catalogue)
    return pipeline.summarize(settle_summary(request, catalogue), lambda *_: None)


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
def test_an_article_over_the_positions_is_summarized_within_its_words(
    summarizer: Model, models_dir: Path, article: str, engine: Engine
) -> None:
    model = select_device(summarizer.model_copy(update={"engine": engine}), Hardware.detect(engine))
    text = "\n\n".join(article.split("\n\n")[4:7])  # some hundred tokens for 64 positions
    result = run(model, models_dir, text, length=Length(words=40))
    assert result.sentences
    said = sum(len(sentence.text.split()) for sentence in result.sentences)
    assert said <= 40 or len(result.sentences) == 1
    # Random weights say nothing that the article says.
    for sentence in result.sentences:
        assert "unsupported" in [flag.code for flag in sentence.flags]
        assert sentence.source_text.split() == [
            word for span in sentence.sources for word in text[span.start : span.end].split()
        ]
        for flag in sentence.flags:
            assert flag.source_span is None
    flagged = Counter(flag.code for sentence in result.sentences for flag in sentence.flags)
    assert result.quality.flags == flagged
    assert result.quality.clean == 0


def test_a_translated_one_is_checked_as_written_and_as_translated(
    tiny: Callable[[str], Model], models_dir: Path, article: str
) -> None:
    model = tiny("bart").model_copy(update={"task": "summarize", "target": ()})
    result = run(model, models_dir, article, target="es", length=Length(sentences=2))
    for sentence in result.sentences:
        (unsupported,) = [flag for flag in sentence.flags if flag.code == "unsupported"]
        assert unsupported.target_span is None
        assert all(flag.source_span is None for flag in sentence.flags)
    flagged = Counter(flag.code for sentence in result.sentences for flag in sentence.flags)
    assert result.quality.flags == flagged
    with pytest.raises(FactsChanged, match="wrong"):
        run(model, models_dir, article, target="es", on_flag="fail")


def test_a_language_that_the_model_does_not_read_is_refused(
    tiny: Callable[[str], Model], models_dir: Path
) -> None:
    with pytest.raises(UnsupportedLanguage, match="summarizes en") as error:
        run(tiny("bart"), models_dir, "La votación es en julio.", source="es", target="es")
    assert error.value.extra["languages"] == ["en"]
