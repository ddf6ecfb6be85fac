"""Fetch models from the hub: a pinned commit, weights in safetensors, hashes checked.

An interrupted download is resumed the next time, from a folder beside the model's own; the model's
folder exists only once complete. The settings of huggingface_hub apply: `HF_ENDPOINT`, `HF_HUB_OFFLINE`
and `HF_TOKEN`.
"""

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from models.hub.native import write_tokenizer
from models.hub.pickled import convert_pickled
from models.hub.pins import Pin

ReportProgress = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes received so far, and its size, None if unknown."""

_SINGLE_FILE = "model.safetensors"
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
_NATIVE = "model.bin"
_OTHER_FILES = re.compile(r"[\w.-]+\.(json|spm|model|txt|jinja)|README\.md|LICENSE")
"""Configurations, vocabularies, and the licence. Code is never fetched."""
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_PICKLED_WEIGHTS = re.compile(r"pytorch_model(-\d+-of-\d+)?\.bin")


def fetch(model: Model, report: ReportProgress) -> Path:
    """Return the model's folder, fetching the files that are missing or do not match their hashes.

    Raises FetchFailed, which names the fix. The next call resumes an interrupted download.
    """
    if model.repo is None:
        raise FetchFailed(_NOT_ON_HUB.format(model.id))
    if model.revision is None or model.folder is None:
        raise FetchFailed(f"{model.id} has no revision: run `dragoman models pin {model.id}`.")
    folder = model.folder
    with hub_errors(model.id, model.repo), exclusive_lock(folder.with_name(folder.name + ".lock")):
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
        commit = commit_info(model.repo, model.revision)
        for file in _files_to_fetch(model, commit):
            download(model.repo, model.revision, file, unfinished, report)
        _check_hashes(model, commit, unfinished)
        _make_loadable(model, unfinished)
        return unfinished.rename(folder)


def _make_loadable(model: Model, folder: Path) -> None:
    """Convert pickled weights; write the tokenizer's files of a model in CTranslate2's own format."""
    made = []
    if model.pickled:
        made.append(convert_pickled(folder, sorted(model.pickled), _SINGLE_FILE))
    elif (folder / _NATIVE).is_file():
        made += write_tokenizer(folder)
    if made:
        hashes = {n: d for n, d in expected_hashes(folder).items() if n not in model.pickled}
        write_hashes(folder, hashes | {path.name: sha256(path) for path in made})


def pin_newest(model: Model, branch: str | None) -> Pin:
    """Return a pin to the newest commit of a branch, by default the branch in the catalogue.

    Raises FetchFailed if the hub cannot be asked or the commit has no weights in safetensors.
    """
    if model.repo is None:
        raise FetchFailed(_NOT_ON_HUB.format(model.id))
    with hub_errors(model.id, model.repo):
        commit = commit_info(model.repo, branch or model.branch)
        files = _files_to_fetch(model, commit)
    return Pin(model.repo, str(commit.sha), reported_hashes(files))


_NOT_ON_HUB = "{} is not on a hub: its catalogue entry has a folder."


def commit_info(repo: str, revision: str) -> ModelInfo:
    """Return what the hub says of a commit or a branch, with its files."""
    return HfApi().model_info(repo, revision=revision, files_metadata=True)


def _files_to_fetch(model: Model, commit: ModelInfo) -> list[RepoSibling]:
    """Return the files to fetch, weights last; raise FetchFailed if none are in safetensors."""
    files = {file.rfilename: file for file in commit.siblings or []}
    weights = sorted(model.pickled) or weights_of(files)
    if not weights:
        raise FetchFailed(_no_weights(model, str(commit.sha), files))
    return [files[name] for name in [*sorted(filter(_OTHER_FILES.fullmatch, files)), *weights]]


def weights_of(names: Collection[str]) -> list[str]:
    """Return the files with weights that can be loaded without a risk; none if all are pickled."""
    if _SINGLE_FILE in names:
        return [_SINGLE_FILE]
    native = _NATIVE in names and any(name.endswith("vocabulary.json") for name in names)
    return sorted(filter(_SHARD.fullmatch, names)) or ([_NATIVE] if native else [])


def pickled_of(names: Iterable[str]) -> list[str]:
    """Return the files with pickled weights that can be converted."""
    return sorted(filter(_PICKLED_WEIGHTS.fullmatch, names))


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
        f"`dragoman models pin {model.id} --branch {branch}`; or `dragoman models add {model.repo}`, which "
        "converts pickled weights without executing code."
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


def reported_hashes(files: Sequence[RepoSibling]) -> dict[str, str]:
    """Return the hashes that the hub reports, which it does for large files."""
    return {file.rfilename: file.lfs.sha256 for file in files if file.lfs is not None}


def download(
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
    pinned = {**model.sha256, **model.pickled}
    for expected, origin in ((reported_hashes(files), "the hub"), (pinned, "the catalogue")):
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
def hub_errors(name: str, repo: str) -> Iterator[None]:
    """Turn errors of the hub and the disk into FetchFailed with the fix."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise FetchFailed(
            f"HF_HUB_OFFLINE forbids asking the hub about {name}: unset it, or copy `hub` and "
            "`pins.toml` in DRAGOMAN_MODELS_DIR from a machine that has the model."
        ) from error
    except GatedRepoError as error:
        raise FetchFailed(
            f"{repo} requires consent: give it on the hub and set HF_TOKEN."
        ) from error
    except RepositoryNotFoundError as error:
        raise FetchFailed(
            f"The hub has no {repo}, or it is private: check `repo`, or set HF_TOKEN."
        ) from error
    except RevisionNotFoundError as error:
        raise FetchFailed(
            f"{repo} has no such revision: check it, or pin the model again."
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise FetchFailed(f"The hub answered {status} for {name}: {_RESUME}") from error
    except httpx2.HTTPError as error:
        raise FetchFailed(
            f"The hub at {constants.ENDPOINT} cannot be reached, or the connection was lost: {_RESUME} "
            "HF_ENDPOINT can name another hub."
        ) from error
    except OSError as error:
        raise FetchFailed(f"{name}: {error.strerror or error}") from error


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
