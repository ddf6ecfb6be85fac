"""A chunk of a batch on the embedded models."""

import json
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.pipeline import Pipeline
from service.batches.items import Chunk
from service.settings import Settings
from workers.chunks import outcomes, run_items
from workers.resident import pipeline_of


def item(text: str, source: str = "en", target: str = "es", **more: object) -> dict[str, object]:
    return {"task": "translate", "text": text, "source": source, "target": target, **more}


def chunk(*items: dict[str, object]) -> Chunk:
    return Chunk.model_validate({"items": items})


def silent(done: int, total: int) -> None:
    pass


def texts(found: Sequence[dict[str, Any]]) -> list[str]:
    return [one["result"]["text"] for one in found]


def test_each_item_has_its_outcome_in_order(pipeline: Pipeline) -> None:
    items = [
        item("The vote is in July."),
        item("La votación es en julio.", "es", "en"),
        {"task": "summarize", "text": "The vote is in July. It rains.", "source": "en"}
        | {"target": "en", "style": "brief", "length": {"sentences": 1}},
    ]
    found = outcomes(json.dumps({"items": items}), pipeline)
    assert "julio" in texts(found)[0]
    assert "July" in texts(found)[1]
    assert texts(found)[2] == "The vote is in July."


def test_the_progress_counts_the_sentences_of_all_items(pipeline: Pipeline) -> None:
    told: list[tuple[int, int]] = []
    run_items(
        chunk(item("One is here. Two are there."), item("It rains.")),
        pipeline,
        lambda done, total: told.append((done, total)),
    )
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)


def test_an_item_that_cannot_be_served_fails_alone(pipeline: Pipeline) -> None:
    lost = item("It rains.", "en", "de", model="embedded/es-en")
    first, second = run_items(chunk(item("It rains."), lost), pipeline, silent).outcomes
    assert first.result is not None
    assert second.result is None
    assert second.error is not None
    assert second.error["code"] == "unsupported-pair"


def test_an_item_that_meets_a_bug_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings()
    broken = pipeline_of(settings, settings.load_catalogue())
    decoder = broken.decoder
    decoder.models.translator(decoder.catalogue.entry("embedded/es-en")).close()
    with caplog.at_level(logging.ERROR):
        first, second = run_items(
            chunk(item("It rains."), item("Llueve.", "es", "en")), broken, silent
        ).outcomes
    assert first.result is not None
    assert second.error is not None
    assert second.error["code"] == "internal"
    assert "'_translator'" in caplog.text
