"""Fetch models from the hub: a pinned commit, weights in safetensors, hashes checked.

An interrupted download is resumed the next time, from a folder beside the model's own; the model's
folder exists only once complete. The settings of huggingface_hub apply: `HF_ENDPOINT`, `HF_HUB_OFFLINE`
and `HF_TOKEN`.
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
from models.file_lock import exclusive_lock
from models.hub.integrity import expected_hashes, has_hash, sha256, write_hashes
from models.hub.pins import Pin

ReportProgress = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes received so far, and its size, None if unknown."""

_SINGLE_FILE = "model.safetensors"
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
_OTHER_FILES = re.compile(r"[\w.-]+\.(json|spm|model|txt)|README\.md|LICENSE")
"""Configurations, vocabularies, and the licence. Code is never fetched."""
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


def fetch(model: Model, report: ReportProgress) -> Path:
    """Return the model's folder, fetching the files that are missing or do not match their hashes.

    Raises FetchFailed, which names the fix. The next call resumes an interrupted download.
    """
    if model.repo is None:
        raise FetchFailed(_NOT_ON_HUB.format(model.id))
    if model.revision is None or model.folder is None:
        raise FetchFailed(f"{model.id} has no revision: run `dragoman models pin {model.id}`.")
    folder = model.folder
    with _hub_errors(model), exclusive_lock(folder.with_name(folder.name + ".lock")):
        unfinished = folder.with_name(folder.name + ".unfinished")
        if folder.is_dir():
            expected = expected_hashes(folder, model.sha256)
            damaged = [n for n, digest in expected.items() if not has_hash(folder / n, digest)]
            if not damaged:
                return folder
            shutil.rmtree(unfinished, ignore_errors=True)
            folder.rename(unfinished)
            for name in damaged:
                (unfinished / name).unlink(missing_ok=True)
        unfinished.mkdir(parents=True, exist_ok=True)
        commit = _commit_info(model.repo, model.revision)
        for file in _files_to_fetch(model, commit):
            _download(model.repo, model.revision, file, unfinished, report)
        _check_hashes(model, commit, unfinished)
        return unfinished.rename(folder)


def pin_newest(model: Model, branch: str | None) -> Pin:
    """Return a pin to the newest commit of a branch, by default the branch in the catalogue.

    Raises FetchFailed if the hub cannot be asked or the commit has no weights in safetensors.
    """
    if model.repo is None:
        raise FetchFailed(_NOT_ON_HUB.format(model.id))
    with _hub_errors(model):
        commit = _commit_info(model.repo, branch or model.branch)
        files = _files_to_fetch(model, commit)
    return Pin(model.repo, str(commit.sha), _reported_hashes(files))


_NOT_ON_HUB = "{} is not on a hub: its catalogue entry has a folder."


def _commit_info(repo: str, revision: str) -> ModelInfo:
    return HfApi().model_info(repo, revision=revision, files_metadata=True)


def _files_to_fetch(model: Model, commit: ModelInfo) -> list[RepoSibling]:
    """Return the files to fetch, weights last; raise FetchFailed if none are in safetensors."""
    files = {file.rfilename: file for file in commit.siblings or []}
    weights = [_SINGLE_FILE] if _SINGLE_FILE in files else sorted(filter(_SHARD.fullmatch, files))
    if not weights:
        raise FetchFailed(_no_weights(model, str(commit.sha), files))
    return [files[name] for name in [*sorted(filter(_OTHER_FILES.fullmatch, files)), *weights]]


def _no_weights(model: Model, commit: str, names: Iterable[str]) -> str:
    """Return a message that names the pull requests that add weights in safetensors."""
    pickled = ", ".join(sorted(name for name in names if name.endswith(_PICKLED)))
    only = f", only pickled ones ({pickled}), which can execute code when loaded" if pickled else ""
    requests = _safetensors_requests(model.repo or "")
    listed = ", ".join(f"{branch} by {author}" for branch, author in requests.items())
    hint = (
        f"These pull requests on the hub add them: {listed}. Review one there, then run "
        if requests
        else "Look on the hub for a pull request that adds them, then run "
    )
    branch = next(iter(requests), "refs/pr/N")
    return (
        f"{model.repo} at {commit} has no weights in safetensors{only}. {hint}"
        f"`dragoman models pin {model.id} --branch {branch}`."
    )


def _safetensors_requests(repo: str) -> dict[str, str]:
    """Return the branches and authors of open pull requests whose title names safetensors."""
    try:
        found = HfApi().get_repo_discussions(
            repo, discussion_type="pull_request", discussion_status="open"
        )
        return {
            request.git_reference: request.author
            for request in found
            if request.git_reference and "safetensors" in request.title.lower()
        }
    except HfHubHTTPError:  # not every mirror has pull requests
        return {}


def _reported_hashes(files: Sequence[RepoSibling]) -> dict[str, str]:
    """Return the hashes that the hub reports, which it does for large files."""
    return {file.rfilename: file.lfs.sha256 for file in files if file.lfs is not None}


def _download(
    repo: str, revision: str, file: RepoSibling, folder: Path, report: ReportProgress
) -> None:
    """Download a file into a folder, resuming an interrupted download.

    `hf_hub_download` would discard the part already received; the `http_get` below it can resume.
    """
    path = folder / file.rfilename
    if path.is_file():
        return
    part = path.with_name(path.name + ".part")
    with part.open("ab") as received:
        http_get(
            hf_hub_url(repo, file.rfilename, revision=revision),
            received,
            resume_size=received.tell(),
            headers=build_hf_headers(),
            expected_size=file.size,
            tqdm_class=cast(Any, partial(_ProgressBar, report, file.rfilename)),
        )
    part.rename(path)


def _check_hashes(model: Model, commit: ModelInfo, folder: Path) -> None:
    """Write the folder's hashes; raise FetchFailed if the hub or the catalogue has another hash."""
    files = _files_to_fetch(model, commit)
    actual = {file.rfilename: sha256(folder / file.rfilename) for file in files}
    for expected, origin in ((_reported_hashes(files), "the hub"), (model.sha256, "the catalogue")):
        for name, digest in expected.items():
            if name not in actual:
                raise FetchFailed(
                    f"{model.repo} has no file {name}, which `sha256` of {model.id} names: correct it."
                )
            if actual[name] != digest:
                (folder / name).unlink()
                raise FetchFailed(
                    f"{name} of {model.id} has the hash {actual[name]}, but {origin} says {digest}. The "
                    "file was deleted: fetch it again; if it fails again, the file has been changed."
                )
    write_hashes(folder, actual)


@contextmanager
def _hub_errors(model: Model) -> Iterator[None]:
    """Turn errors of the hub and the disk into FetchFailed with the fix."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise FetchFailed(
            f"HF_HUB_OFFLINE forbids asking the hub about {model.id}: unset it, or copy `hub` and "
            "`pins.toml` in DRAGOMAN_MODELS_DIR from a machine that has the model."
        ) from error
    except GatedRepoError as error:
        raise FetchFailed(
            f"{model.repo} requires consent: give it on the hub and set HF_TOKEN."
        ) from error
    except RepositoryNotFoundError as error:
        raise FetchFailed(
            f"The hub has no {model.repo}, or it is private: check `repo`, or set HF_TOKEN."
        ) from error
    except RevisionNotFoundError as error:
        raise FetchFailed(
            f"{model.repo} has no such revision: check it, or pin the model again."
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise FetchFailed(f"The hub answered {status} for {model.id}: {_RESUME}") from error
    except httpx2.HTTPError as error:
        raise FetchFailed(
            f"The hub at {constants.ENDPOINT} cannot be reached, or the connection was lost: {_RESUME} "
            "HF_ENDPOINT can name another hub."
        ) from error
    except OSError as error:
        raise FetchFailed(f"{model.id}: {error.strerror or error}") from error


_RESUME = "rerun the same command to resume."


class _ProgressBar:
    """Passes what huggingface_hub tells a tqdm bar to `ReportProgress`."""

    def __init__(
        self,
        report: ReportProgress,
        name: str,
        *,
        total: int | None = None,
        initial: int = 0,
        **_: Any,  # options of tqdm's display
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
