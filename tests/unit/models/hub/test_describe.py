"""Describing repositories of the hub by their configuration and card, against a hub on 127.0.0.1."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.catalogue_files import add_entry, load_catalogue
from models.errors import FetchFailed
from models.hub.describe import describe
from tests.hub import Hub


def push(hub: Hub, repo: str, kind: str | None, licence: str = "apache-2.0", **config: Any) -> str:
    """Add a repository with safetensors of this kind."""
    card = f"---\nlanguage:\n- en\nlicense: {licence}\n---\n# A model\n".encode()
    about = json.dumps(config | ({"model_type": kind} if kind else {})).encode()
    return hub.push(
        repo, {"config.json": about, "README.md": card, "model.safetensors": b"weights"}
    )


def test_an_opus_mt_model(hub: Hub) -> None:
    commit = push(hub, "Helsinki-NLP/opus-mt-tc-big-en-fr", "marian", "cc-by-4.0", num_beams=4)
    model = describe("Helsinki-NLP/opus-mt-tc-big-en-fr", branch="main")
    assert (model.id, model.family, model.task) == ("opus-mt-tc-big-en-fr", "marian", "translate")
    assert (model.source, model.target) == (("en",), ("fr",))
    assert (model.revision, model.beams) == (commit, 4)
    assert (model.licence, model.commercial) == ("cc-by-4.0", True)
    assert set(model.sha256) == {"model.safetensors"}


def test_pickled_weights_are_pinned_by_the_hash_that_the_hub_reports(hub: Hub) -> None:
    config = json.dumps({"model_type": "marian"}).encode()
    hub.push("opus/mt-en-fr", {"config.json": config, "pytorch_model.bin": b"\x80\x04"})
    model = describe("opus/mt-en-fr", branch="main")
    assert set(model.pickled) == {"pytorch_model.bin"}
    assert model.sha256 == {}


@pytest.mark.parametrize("licence", ["cc-by-nc-4.0", "CC-BY-NC-SA-4.0", "other", ""])
def test_a_licence_that_does_not_allow_it_is_not_for_commercial_use(hub: Hub, licence: str) -> None:
    push(hub, "facebook/nllb-200-1.3B", "m2m_100", licence)
    model = describe("facebook/nllb-200-1.3B", branch="main")
    assert (model.family, model.commercial) == ("nllb", False)
    assert {"en", "es"} <= set(model.source) == set(model.target)


def test_a_summarizer_has_its_own_lengths(hub: Hub) -> None:
    push(hub, "sshleifer/distilbart", "bart", min_length=56, max_length=142, no_repeat_ngram_size=3)
    model = describe("sshleifer/distilbart", branch="main", source=["en"])
    assert model.task == "summarize"
    assert (model.min_target_tokens, model.max_target_tokens) == (56, 142)
    assert model.no_repeat_ngram == 3


def test_a_t5_is_asked_as_its_configuration_says(hub: Hub) -> None:
    tasks = {"translation_en_to_de": {"prefix": "translate English to German: "}}
    push(hub, "google-t5/t5-base", "t5", task_specific_params=tasks)
    model = describe("google-t5/t5-base", branch="main")
    assert model.prefix == "translate {source} to {target}: "
    assert model.codes == {"en": "English", "de": "German"}
    assert (model.source, model.target) == (("en",), ("de",))


def test_a_language_model_gets_its_style(hub: Hub) -> None:
    push(hub, "google/translategemma-4b-it", "gemma3", "gemma")
    model = describe("google/translategemma-4b-it", branch="main", source=["en"], target=["es"])
    assert (model.family, model.engine, model.style) == (
        "causal",
        "transformers",
        "translategemma",
    )


def test_missing_languages_are_asked_for(hub: Hub) -> None:
    push(hub, "mine/translator", "marian")
    with pytest.raises(FetchFailed, match="--from and --to"):
        describe("mine/translator", branch="main")
    model = describe("mine/translator", branch="main", source=["en_US"], target=["fr", "it"])
    assert (model.source, model.target) == (("en",), ("fr", "it"))
    assert model.prefix == ">>{target}<<"


@pytest.mark.parametrize(
    ("kind", "says"), [("whisper", "the kind 'whisper'"), (None, "the kind ''")]
)
def test_what_cannot_be_run_is_told(hub: Hub, kind: str | None, says: str) -> None:
    push(hub, "mine/other", kind)
    with pytest.raises(FetchFailed, match=says):
        describe("mine/other", branch="main")


def test_a_repository_that_is_not_there_is_named(hub: Hub) -> None:
    with pytest.raises(FetchFailed, match="The hub has no mine/nothing"):
        describe("mine/nothing", branch="main")


def test_an_added_entry_is_in_the_catalogue_as_it_was_described(hub: Hub, tmp_path: Path) -> None:
    tasks: dict[str, Any] = {"translation_en_to_de": {}}
    push(hub, "google-t5/t5-base", "t5", task_specific_params=tasks)
    push(hub, "Helsinki-NLP/opus-mt-en-es", "marian")
    described = [
        describe(repo, branch="main")
        for repo in ("google-t5/t5-base", "Helsinki-NLP/opus-mt-en-es")
    ]
    for model in [*described, described[0]]:
        add_entry(tmp_path, model)
    catalogue = load_catalogue(None, tmp_path)
    assert [model.id for model in catalogue.models[:2]] == ["t5-base", "opus-mt-en-es"]
    for model in described:
        assert catalogue.entry(model.id).model_copy(update={"folder": None}).model_dump() == (
            model.model_dump()
        )
