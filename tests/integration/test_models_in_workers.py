"""Models that are loaded early, and one that cannot be loaded, in real workers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cli.stack import Stack, StackError, running
from service.settings import Settings
from tests.integration.conftest import until

pytestmark = pytest.mark.integration

TEXT = "The vote is in July."
ENTRY = """
["own/damaged"]
task = "translate"
family = "marian"
source = ["en"]
target = ["es"]
folder = "damaged"
licence = "MPL-2.0"
commercial = true
"""


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose catalogue has a model with damaged weights, which its workers are to preload."""
    data = tmp_path_factory.mktemp("own")
    folder = Settings().load_catalogue().entry("embedded/en-es").folder
    assert folder is not None
    shutil.copytree(folder, data / "damaged")
    (data / "damaged" / "model.safetensors").write_bytes(b"\0" * 64)
    (data / "own.toml").write_text(ENTRY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAGOMAN_CATALOGUE", str(data / "own.toml"))
        patch.setenv("DRAGOMAN_PRELOAD", "own/damaged")
        patch.setenv("DRAGOMAN_PINNED_INTERACTIVE", "embedded/en-es")
        with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
            yield stack


@pytest.fixture
def log(own_stack: Stack) -> Path:
    (part,) = [part for part in own_stack.parts if "interactive" in part.name]
    return Path(part.about)


def test_pinned_models_are_loaded_before_any_job(log: Path) -> None:
    until(lambda: "Cannot preload" in log.read_text(encoding="utf-8"))
    text = log.read_text(encoding="utf-8")
    assert "damaged: fetch the model again" in text
    assert "Loaded embedded/en-es" in text
    batch = log.with_name("worker-batch.log")
    until(lambda: "Cannot preload" in batch.read_text(encoding="utf-8"))
    assert "Loaded embedded/en-es" not in batch.read_text(encoding="utf-8")


def test_a_model_that_cannot_be_loaded_fails_its_jobs_and_no_others(
    own_stack: Stack, log: Path
) -> None:
    with httpx.Client(base_url=own_stack.address, timeout=90) as client:
        for model, state in [
            ("own/damaged", "failed"),
            ("embedded/en-es", "succeeded"),
            ("own/damaged", "failed"),
            ("embedded/en-es", "succeeded"),
        ]:
            job = client.post(
                "/v1/translations",
                json={"text": TEXT, "source": "en", "target": "es", "model": model},
                headers={"Prefer": "wait=60"},
            ).json()
            assert job["state"] == state, job
            if state == "failed":
                assert job["error"]["code"] == "model-unavailable"
                assert job["error"]["status"] == 500
                assert (
                    "model.safetensors is damaged: fetch the model again" in job["error"]["detail"]
                )
                assert job["attempts"] == 1
    # One child did all four: it was not started again, and it loaded the model that works once.
    assert log.read_text(encoding="utf-8").count("Loaded embedded/en-es") == 1


def test_a_worker_says_at_once_which_model_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DRAGOMAN_PRELOAD", "own/nothing")
    with running(data=tmp_path, host="127.0.0.1", port=0, workers=1) as stack:
        until(lambda: any(part.process.poll() is not None for part in stack.parts))
        with pytest.raises(StackError, match="ended with 1"):
            stack.check()
    log = (tmp_path / "logs" / "worker-interactive.log").read_text(encoding="utf-8")
    assert "DRAGOMAN_PRELOAD: No model 'own/nothing'. Models:" in log
