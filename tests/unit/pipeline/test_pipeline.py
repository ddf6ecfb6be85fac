"""The pipeline with the embedded model, and with models that are not there."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import Catalogue, Model
from models.errors import DragomanError, ModelUnavailable, UnsupportedPair
from pipeline.memory import KnownSentence, MemoryMatch
from pipeline.pipeline import Pipeline, Request
from pipeline.requests import (
    Article,
    Effort,
    KnownTranslation,
    Length,
    SummaryRequest,
    TranslationRequest,
)
from pipeline.results import SummaryResult, TranslationResult
from service.settings import Settings
from workers.resident import pipeline_of


def of_catalogue(catalogue: Catalogue) -> Pipeline:
    return pipeline_of(Settings(), catalogue)


@pytest.fixture
def requests(article: str) -> list[Request]:
    return [
        TranslationRequest(text="The vote is in July.", source="en", target="es"),
        TranslationRequest(text=article, source="en", target="es"),
        TranslationRequest(text="Die Wahl ist im Juli.", source="de", target="fr"),
        SummaryRequest(
            text=article, source="en", target="es", style="brief", length=Length(sentences=2)
        ),
        TranslationRequest(
            article=Article(title="The vote", body="The vote is in July."), source="en", target="es"
        ),
        SummaryRequest(text=article, source="en", style="bullets", length=Length(sentences=2)),
    ]


def silent(done: int, total: int) -> None:
    pass


def unscored(result: TranslationResult) -> dict[str, Any]:
    """The result without its scores, whose last digits hang on the lengths that share a batch."""
    return result.model_dump(exclude={"segments": {"__all__": {"score"}}})


@pytest.mark.parametrize("effort", ["fast", "best"])
def test_many_give_what_each_gives_alone(requests: list[Request], effort: Effort) -> None:
    # In int8 a sentence's company decides a near tie, and with it a word; in float32 it does not.
    settings = Settings(compute_type="float32", effort=effort, batch_effort=effort)
    pipeline = pipeline_of(settings, settings.load_catalogue())
    many = pipeline.run_many(requests, silent)
    for request, result in zip(requests, many, strict=True):
        if isinstance(result, TranslationResult):
            assert isinstance(request, TranslationRequest)
            assert unscored(result) == unscored(pipeline.translate(request, silent))
        elif isinstance(result, SummaryResult):
            assert isinstance(request, SummaryRequest)
            assert result == pipeline.summarize(request, silent)
        else:
            assert isinstance(result, UnsupportedPair)
            assert "de→fr" in result.detail
    assert [isinstance(result, DragomanError) for result in many] == [n == 2 for n in range(6)]


def test_progress_counts_the_segments_that_models_write(
    pipeline: Pipeline, requests: list[Request]
) -> None:
    seen: list[tuple[int, int]] = []
    many = pipeline.run_many(requests, lambda done, total: seen.append((done, total)))
    segments = sum(
        len([segment for segment in result.segments if segment.models])
        if isinstance(result, TranslationResult)
        else len(result.sentences)
        for result in many
        if not isinstance(result, DragomanError)
    )
    assert seen == sorted(seen)
    assert seen[0] == (0, segments)
    assert seen[-1] == (segments, segments)


def test_a_model_that_cannot_be_loaded_sinks_only_what_needs_it(
    requests: list[Request], tmp_path: Path
) -> None:
    embedded = Settings().load_catalogue().get("embedded/en-es", "translate")
    assert embedded.folder is not None
    shutil.copytree(embedded.folder, tmp_path / "damaged")
    (tmp_path / "damaged" / "model.safetensors").write_bytes(b"\0" * 64)
    damaged = embedded.model_copy(update={"id": "damaged", "folder": tmp_path / "damaged"})
    summarizer = Settings().load_catalogue().summarizer(None)
    pipeline = of_catalogue(Catalogue({m.id: m for m in (embedded, damaged, summarizer)}))
    broken = TranslationRequest(
        text="The vote is in July.", source="en", target="es", model="damaged"
    )
    first, second, third = pipeline.run_many([requests[0], broken, requests[5]], silent)
    assert isinstance(first, TranslationResult)
    assert isinstance(second, ModelUnavailable)
    assert "is damaged: fetch the model again" in second.detail
    assert isinstance(third, SummaryResult)
    with pytest.raises(ModelUnavailable):
        pipeline.translate(broken, silent)


def test_a_pivot_shows_its_two_legs(tiny: Callable[[str], Model]) -> None:
    first = tiny("nllb").model_copy(
        update={"id": "1", "target": ("fr",), "commercial": True, "engine": "transformers"}
    )
    second = first.model_copy(update={"id": "2", "source": ("fr",), "target": ("pt",)})
    pipeline = of_catalogue(Catalogue({"1": first, "2": second}))
    request = TranslationRequest(text="The storm came.", source="en", target="pt")
    result = pipeline.translate(request, silent)
    assert [(leg.model, leg.source, leg.target) for leg in result.route] == [
        ("1", "en", "fr"),
        ("2", "fr", "pt"),
    ]
    assert [segment.models for segment in result.segments] == [["1", "2"]]


def test_what_is_known_is_not_decoded_and_comes_back_as_it_is(pipeline: Pipeline) -> None:
    offered = MemoryMatch(
        match="fuzzy",
        score=0.9,
        source="It is a holiday.",
        target="Es fiesta.",
        origin="edited",
        used=False,
    )
    counted: list[int] = []
    request = KnownTranslation(
        text="The vote is in July. It rains. It is late.",
        source="en",
        target="es",
        on_flag="fail",
        known={
            0: KnownSentence(
                source="The vote is in July.", target="«Se vota en 2031»", origin="edited"
            ),
            1: KnownSentence(source="It snows.", target="Nieva."),
            2: KnownSentence(source="It is late.", target=None, memory=offered),
        },
    )
    result = pipeline.translate(request, lambda _, total: counted.append(total))
    first, second, third = result.segments
    assert set(counted) == {2}
    assert (first.target, first.origin, first.models) == ("«Se vota en 2031»", "edited", [])
    assert first.flags, "a person's sentence is checked, and never refused"
    assert second.origin == "machine"
    assert second.target != "Nieva."
    assert third.memory == offered
    assert result.text == f"{first.target} {second.target} {third.target}"


def test_each_result_says_who_made_it(pipeline: Pipeline) -> None:
    text = "The mayor left. It rains."
    request = TranslationRequest(text=text, source="en", target="es")
    result = pipeline.translate(request, lambda *_: None)
    record = result.provenance
    assert record is not None
    assert record.digital_source_type is not None
    assert record.digital_source_type.endswith("/trainedAlgorithmicMedia")
    assert [model.id for model in record.models] == ["embedded/en-es"]
    assert record.text_sha256 == hashlib.sha256((result.text or "").encode()).hexdigest()
    summary = SummaryRequest(text=text, source="en", target="en", length=Length(sentences=1))
    chosen = pipeline.summarize(summary, lambda *_: None).provenance
    assert chosen is not None
    assert (chosen.digital_source_type, chosen.models) == (None, [])
