"""Models of the hub onto this machine: by their pinned commit, weights in safetensors, hashes checked.

What was begun is kept in a folder beside the model's own and goes on from there the next time; the
model's folder is there only when all of it is. `HF_ENDPOINT`, `HF_HUB_OFFLINE` and `HF_TOKEN` are the
hub's own settings (huggingface_hub reads them), and hold here too.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.hf_api import ModelInfo, RepoSibling
from huggingface_hub.utils import build_hf_headers

from models.catalogue import Model
from models.errors import FetchFailed
from models.file_lock import exclusive
from models.hub.integrity import hashes, sha256, sound, write_hashes
from models.hub.pins import Pin

Report = Callable[[str, int, int | None], None]
"""Called with a file's name, its bytes that are here and those it has, as they come."""

_WHOLE = "model.safetensors"
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
_BESIDE = re.compile(r"[\w.-]+\.(json|spm|model|txt)|README\.md|LICENSE")
"""Configurations and vocabularies, and what says whose they are. Never code."""
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


def fetch(model: Model, report: Report) -> Path:
    """The model's folder, with all its files as their hashes say; fetched where they are not.

    Raises FetchFailed, which says what to do. What had come by then is kept for the next time.
    """
    if model.repo is None:
        raise FetchFailed(f"{model.id} is not on a hub: its catalogue gives a folder.")
    if model.revision is None or model.folder is None:
        raise FetchFailed(f"{model.id} has no revision: run `dragoman models pin {model.id}`.")
    folder = model.folder
    with _told(model), exclusive(folder.with_name(folder.name + ".lock")):
        unfinished = folder.with_name(folder.name + ".unfinished")
        if folder.is_dir():
            damaged = [
                n for n, d in hashes(folder, model.sha256).items() if not sound(folder / n, d)
            ]
            if not damaged:
                return folder
            shutil.rmtree(unfinished, ignore_errors=True)
            folder.rename(unfinished)
            for name in damaged:
                (unfinished / name).unlink(missing_ok=True)
        unfinished.mkdir(parents=True, exist_ok=True)
        commit = _ask(model.repo, model.revision)
        for file in _wanted(model, commit):
            _download(model.repo, model.revision, file, unfinished, report)
        _check(model, commit, unfinished)
        return unfinished.rename(folder)


def newest(model: Model, branch: str | None) -> Pin:
    """The newest commit of a branch (of the entry's own if not given), with the hashes of its weights.

    Raises FetchFailed, also where the commit has no weights in safetensors.
    """
    if model.repo is None:
        raise FetchFailed(f"{model.id} is not on a hub: its catalogue gives a folder.")
    with _told(model):
        commit = _ask(model.repo, branch or model.branch)
        files = _wanted(model, commit)
    return Pin(model.repo, str(commit.sha), _hashes(files))


def _ask(repo: str, revision: str) -> ModelInfo:
    return HfApi().model_info(repo, revision=revision, files_metadata=True)


def _wanted(model: Model, commit: ModelInfo) -> list[RepoSibling]:
    """The files to fetch, small ones first; FetchFailed where there are no weights in safetensors."""
    files = {file.rfilename: file for file in commit.siblings or []}
    weights = [_WHOLE] if _WHOLE in files else sorted(filter(_SHARD.fullmatch, files))
    if not weights:
        raise FetchFailed(_no_weights(model, str(commit.sha), files))
    return [files[name] for name in [*sorted(filter(_BESIDE.fullmatch, files)), *weights]]


def _no_weights(model: Model, commit: str, names: Iterable[str]) -> str:
    """That a commit has no weights in safetensors, and who offers them in a pull request."""
    pickled = ", ".join(sorted(name for name in names if name.endswith(_PICKLED)))
    only = f", only pickled ones ({pickled}), which can run code when loaded" if pickled else ""
    offers = _offers(model.repo or "")
    way = (
        "On the hub these pull requests offer them: "
        + ", ".join(f"{branch} by {author}" for branch, author in offers.items())
        + ". Look at it there, and keep to it with "
        if offers
        else "Look on the hub for a pull request that adds them, and run "
    )
    branch = next(iter(offers), "refs/pr/N")
    return (
        f"{model.repo} at {commit} has no weights in safetensors{only}. {way}"
        f"`dragoman models pin {model.id} --branch {branch}`."
    )


def _offers(repo: str) -> dict[str, str]:
    """The branches of open pull requests that speak of safetensors, and by whom they are."""
    try:
        found = HfApi().get_repo_discussions(
            repo, discussion_type="pull_request", discussion_status="open"
        )
        return {
            request.git_reference: request.author
            for request in found
            if request.git_reference and "safetensors" in request.title.lower()
        }
    except HfHubHTTPError:  # not every mirror has them
        return {}


def _hashes(files: Sequence[RepoSibling]) -> dict[str, str]:
    """The hashes that the hub has of large files."""
    return {file.rfilename: file.lfs.sha256 for file in files if file.lfs is not None}


def _download(repo: str, revision: str, file: RepoSibling, folder: Path, report: Report) -> None:
    """The file into the folder, from where an earlier call broke off.

    `hf_hub_download` throws away what has come; its own `http_get` can go on.
    """
    path = folder / file.rfilename
    if path.is_file():
        return
    part = path.with_name(path.name + ".part")
    with part.open("ab") as begun:
        http_get(
            hf_hub_url(repo, file.rfilename, revision=revision),
            begun,
            resume_size=begun.tell(),
            headers=build_hf_headers(),
            expected_size=file.size,
            tqdm_class=cast(Any, partial(_Bar, report, file.rfilename)),
        )
    part.rename(path)


def _check(model: Model, commit: ModelInfo, folder: Path) -> None:
    """Write the folder's hashes; FetchFailed where one is not what the hub or the catalogue says."""
    files = _wanted(model, commit)
    found = {file.rfilename: sha256(folder / file.rfilename) for file in files}
    for said, by in ((_hashes(files), "the hub"), (model.sha256, "the catalogue")):
        for name, wanted in said.items():
            if name not in found:
                raise FetchFailed(
                    f"{model.repo} has no {name}, which `sha256` of {model.id} names."
                )
            if found[name] != wanted:
                (folder / name).unlink()
                raise FetchFailed(
                    f"{name} of {model.id} has the hash {found[name]}, {by} says {wanted}: it was "
                    "thrown away. Fetch it again; if that is no help, someone has changed it."
                )
    write_hashes(folder, found)


@contextmanager
def _told(model: Model) -> Iterator[None]:
    """What the hub and the disk raise, as FetchFailed with what to do."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise FetchFailed(
            f"HF_HUB_OFFLINE forbids to ask the hub about {model.id}: unset it, or copy `hub` and "
            f"`pins.toml` of DRAGOMAN_MODELS_DIR from a machine that has the model."
        ) from error
    except GatedRepoError as error:
        raise FetchFailed(f"{model.repo} asks for consent: give it there, set HF_TOKEN.") from error
    except RepositoryNotFoundError as error:
        raise FetchFailed(
            f"The hub has no {model.repo}, or not for everybody: check `repo`, or set HF_TOKEN."
        ) from error
    except RevisionNotFoundError as error:
        raise FetchFailed(f"{model.repo} has no such revision: check it or pin again.") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise FetchFailed(f"The hub answered {status} for {model.id}: {_AGAIN}") from error
    except httpx2.HTTPError as error:
        raise FetchFailed(
            f"The hub at {constants.ENDPOINT} cannot be reached or broke off: {_AGAIN} "
            "HF_ENDPOINT names another hub."
        ) from error
    except OSError as error:
        raise FetchFailed(f"{model.id}: {error.strerror or error}") from error


_AGAIN = "run it again, it goes on from what has come."


class _Bar:
    """What huggingface_hub calls of a tqdm bar, passed on."""

    def __init__(
        self,
        report: Report,
        name: str,
        *,
        total: int | None = None,
        initial: int = 0,
        **_: Any,  # what tqdm would show
    ) -> None:
        self._report, self._name, self._done, self._total = report, name, initial, total
        report(name, initial, total)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, count: int) -> None:
        self._done += count
        self._report(self._name, self._done, self._total)
