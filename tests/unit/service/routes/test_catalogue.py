"""`/v1/languages` and `/v1/models` of a catalogue with a pivot in it."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.front.app import create_app
from service.settings import Settings

OWN = """
["house/es-fr"]
task = "translate"
family = "marian"
source = ["es"]
target = ["fr"]
folder = "."
licence = "CC-BY-NC-4.0"
commercial = false

[["house/es-fr".quality]]
source = "es"
target = "fr"
test = "ours"
bleu = 40.5
"""


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    settings = Settings(
        catalogue=tmp_path / "own.toml", models_dir=tmp_path, allow_noncommercial=True
    )
    return TestClient(create_app(settings), base_url="http://localhost")


def pairs(client: TestClient, **only: str) -> dict[str, dict[str, Any]]:
    found = client.get("/v1/languages", params=only).json()["pairs"]
    return {f"{pair['source']}-{pair['target']}": pair for pair in found}


def test_every_pair_has_its_route_licences_and_quality(client: TestClient) -> None:
    there = pairs(client)
    first, second = there["en-fr"]["legs"]
    assert (first["model"], first["target"], first["licence"]) == (
        "embedded/en-es",
        "es",
        "MPL-2.0",
    )
    assert (second["model"], second["source"]) == ("house/es-fr", "es")
    assert second["quality"] == {
        "source": "es",
        "target": "fr",
        "test": "ours",
        "bleu": 40.5,
        "chrf": None,
    }
    assert there["en-fr"]["models"] == ["embedded/en-es", "house/es-fr"]
    assert not there["en-fr"]["commercial"]
    assert there["en-es"]["commercial"]


def test_pairs_of_one_language(client: TestClient) -> None:
    assert set(pairs(client, target="fr-CA")) == {"en-fr", "es-fr"}
    assert set(pairs(client, source="es", target="fr")) == {"es-fr"}


def test_models_that_are_not_here_say_why_and_how_to_fix_it(client: TestClient) -> None:
    models = {model["id"]: model for model in client.get("/v1/models").json()["models"]}
    assert models["house/es-fr"]["available"]
    away = models["opus-mt-fr-en"]
    assert not away["available"]
    assert away["fix"] == "dragoman models fetch opus-mt-fr-en"
    assert away["repo"] == "Helsinki-NLP/opus-mt-fr-en"
