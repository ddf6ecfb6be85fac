"""Fetching and pinning, against a hub on 127.0.0.1."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import Model
from models.errors import FetchFailed, ModelUnavailable
from models.hub.fetch import fetch, pin_newest
from models.hub.integrity import verify
from tests import entries
from tests.hub import Hub

REPO = "house/en-fr"
FILES = {
    "config.json": b"{}",
    "modeling.py": b"raise SystemExit",
    "onnx/model.safetensors": b"another",
    "pytorch_model.bin": b"\x80\x04",
    "vocab.json": b'{"a": 1}',
}
LARGE = FILES | {"model.safetensors": os.urandom(12 * 1024 * 1024)}
SMALL = FILES | {"model.safetensors": b"weights"}
Seen = list[tuple[str, int, int | None]]


def entry(tmp_path: Path, revision: str | None, **fields: Any) -> Model:
    model = entries.entry(repo=REPO, revision=revision, **fields)
    return model.model_copy(update={"folder": tmp_path / "mine" if revision else None})


def silent(name: str, done: int, total: int | None) -> None:
    pass


def test_the_pinned_commit_comes_without_code_and_pickles(hub: Hub, tmp_path: Path) -> None:
    first = hub.push(REPO, SMALL)
    hub.push(REPO, SMALL | {"vocab.json": b"newer"})
    seen: Seen = []
    folder = fetch(entry(tmp_path, first), lambda *of: seen.append(of))
    names = {path.name for path in folder.iterdir()}
    assert names == {"config.json", "vocab.json", "model.safetensors", "SHA256SUMS"}
    assert (folder / "vocab.json").read_bytes() == FILES["vocab.json"]
    assert verify(folder) == 3
    assert seen[-1] == ("model.safetensors", 7, 7)


def test_a_complete_model_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    model = entry(tmp_path, hub.push(REPO, SMALL))
    folder = fetch(model, silent)
    hub.requests.clear()
    assert fetch(model, silent) == folder
    assert hub.requests == []


def test_an_interrupted_download_is_resumed(hub: Hub, tmp_path: Path) -> None:
    model = entry(tmp_path, hub.push(REPO, LARGE))
    hub.breaks_after = 11 * 1024 * 1024
    with pytest.raises(FetchFailed, match="rerun the same command to resume"):
        fetch(model, silent)
    assert model.folder is not None
    assert not model.folder.exists()
    hub.breaks_after = None
    hub.requests.clear()
    seen: Seen = []
    folder = fetch(model, lambda *of: seen.append(of))
    assert (folder / "model.safetensors").read_bytes() == LARGE["model.safetensors"]
    (wanted,) = [r for method, path, r in hub.requests if method == "GET" and "model.safe" in path]
    assert wanted == f"bytes={seen[0][1]}-"
    assert seen[0][1] > 1024 * 1024
    assert not [path for method, path, _ in hub.requests if path.endswith("vocab.json")]


def test_a_file_with_another_hash_is_named_and_deleted(hub: Hub, tmp_path: Path) -> None:
    model = entry(tmp_path, hub.push(REPO, SMALL))
    hub.served["model.safetensors"] = b"wEights"
    with pytest.raises(
        FetchFailed, match=r"model\.safetensors of mine has the hash .*but the hub says"
    ):
        fetch(model, silent)
    hub.served.clear()
    assert (fetch(model, silent) / "model.safetensors").read_bytes() == b"weights"


@pytest.mark.parametrize(
    ("name", "says"),
    [("vocab.json", "the catalogue says"), ("source.spm", "has no file source.spm")],
)
def test_the_catalogue_s_hashes_count_as_well(
    hub: Hub, tmp_path: Path, name: str, says: str
) -> None:
    another = hashlib.sha256(b"another").hexdigest()
    model = entry(tmp_path, hub.push(REPO, SMALL), sha256={name: another})
    with pytest.raises(FetchFailed, match=says):
        fetch(model, silent)


def test_damaged_files_are_fetched_again(hub: Hub, tmp_path: Path) -> None:
    model = entry(tmp_path, hub.push(REPO, SMALL))
    folder = fetch(model, silent)
    (folder / "vocab.json").write_bytes(b"{}")
    with pytest.raises(ModelUnavailable, match=r"vocab\.json is damaged"):
        verify(folder)
    hub.requests.clear()
    fetch(model, silent)
    assert verify(folder) == 3
    got = [path for method, path, _ in hub.requests if method == "GET" and "/resolve/" in path]
    assert not [path for path in got if path.endswith("model.safetensors")]  # that was sound


def test_pickled_weights_are_refused_and_a_pull_request_can_be_pinned(
    hub: Hub, tmp_path: Path
) -> None:
    converted = hub.push(REPO, SMALL)
    pickled = hub.push(REPO, FILES)
    hub.branches[f"{REPO}/refs/pr/4"] = converted
    with pytest.raises(FetchFailed, match=r"only pickled ones \(pytorch_model\.bin\).*refs/pr/N"):
        pin_newest(entry(tmp_path, None), None)
    with pytest.raises(FetchFailed, match="only pickled ones"):
        fetch(entry(tmp_path, pickled), silent)
    hub.offers = {3: "Update README.md", 4: "Adding `safetensors` variant of this model"}
    with pytest.raises(
        FetchFailed, match=r"add them: refs/pr/4 by converter.*mine --branch refs/pr/4"
    ):
        pin_newest(entry(tmp_path, None), None)
    digest = hashlib.sha256(b"weights").hexdigest()
    for pin in (
        pin_newest(entry(tmp_path, None), "refs/pr/4"),
        pin_newest(entry(tmp_path, None, branch="refs/pr/4"), None),
    ):
        assert (pin.repo, pin.revision) == (REPO, converted)
        assert pin.sha256 == {"model.safetensors": digest}


def test_shards_come_with_their_index(hub: Hub, tmp_path: Path) -> None:
    names = {f"model-0000{n}-of-00002.safetensors" for n in (1, 2)} | {
        "model.safetensors.index.json"
    }
    model = entry(tmp_path, hub.push(REPO, {name: name.encode() for name in names}))
    assert {path.name for path in fetch(model, silent).iterdir()} == names | {"SHA256SUMS"}


def test_the_reason_for_a_failed_fetch_is_given(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match=f"The hub has no {REPO}"):
        pin_newest(entry(tmp_path, None), None)
    hub.push(REPO, SMALL)
    with pytest.raises(FetchFailed, match="no such revision"):
        fetch(entry(tmp_path, "a" * 40), silent)
    with pytest.raises(FetchFailed, match="dragoman models pin mine"):
        fetch(entry(tmp_path, None), silent)
    with pytest.raises(FetchFailed, match="its catalogue entry has a folder"):
        fetch(entry(tmp_path, None).model_copy(update={"repo": None}), silent)
