"""Load a model once a process, on its first use, with the threads set before the first operation."""

import hashlib
import logging
import os
from functools import cache
from pathlib import Path

from models.catalogue import Model
from models.engine import Translator
from models.errors import ModelUnavailable

HASHES = "SHA256SUMS"

log = logging.getLogger(__name__)


@cache
def load_translator(model: Model) -> Translator:
    """The model, ready to translate; the same object for the life of the process.

    Raises ModelUnavailable where a file is missing or damaged, or the engine cannot load it.
    """
    if model.folder is None:
        raise ModelUnavailable(f"{model.id} has no folder: give one in the catalogue.")
    verify(model.folder)
    threads = available_cpus()
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    # OpenMP's threads spin while they wait for each other. With another busy process on the same
    # cores a thread that is not running is spun for: measured 25 times slower; asleep costs 1.15 times.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Both are read when torch is loaded: here and not above. And a process forks before, or hangs.
    from models.engines.huggingface import HuggingFaceTranslator

    try:
        translator = HuggingFaceTranslator(
            model.folder,
            beams=model.beams,
            threads=threads,
            max_source_tokens=model.max_source_tokens,
        )
    except Exception as error:  # whatever a library makes of files it cannot read
        raise ModelUnavailable(f"{model.id} cannot be loaded: {error}") from error
    log.info("Loaded %s with %d threads.", model.id, threads)
    return translator


def verify(folder: Path) -> None:
    """Check the folder's files against its `SHA256SUMS`, in the format of `sha256sum`.

    Raises ModelUnavailable, naming the file. A folder without that list is the user's own: nothing
    to check.
    """
    if not folder.is_dir():
        raise ModelUnavailable(f"The model's folder {folder} is not there.")
    hashes = folder / HASHES
    if not hashes.exists():
        return
    for line in hashes.read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file():
            raise ModelUnavailable(f"The model's file {path} is missing: fetch it again.")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != wanted:
            raise ModelUnavailable(f"The model's file {path} is damaged: fetch it again.")


def available_cpus(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """The CPUs this process really has: its affinity, or its cgroup's quota if that is less."""
    cpus = len(os.sched_getaffinity(0))
    try:
        limit, period = quota.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return cpus
    if limit == "max":
        return cpus
    return max(1, min(cpus, int(limit) // int(period)))
