"""A batch in this process: the same file on disk, worked on here, with no Redis and no server."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

from models.catalogue import Catalogue
from service.batches.batch import Batch
from service.batches.file import BatchFile
from service.batches.intake import Intake
from service.errors import InvalidRequest
from service.jobs.keys import ANYONE
from service.settings import Settings

Lines = Callable[[], Iterator[bytes]]
"""Reads the input anew."""
Work = Callable[[str], list[dict[str, Any]]]
"""From the JSON of a `Chunk` to the outcomes of a `ChunkResult`."""
Report = Callable[[Batch], None]


def digest(lines: Iterator[bytes]) -> str:
    """The SHA-256 of an input."""
    sha = hashlib.sha256()
    for line in lines:
        sha.update(line + b"\n")
    return sha.hexdigest()


def check_same(before: str, lines: Lines, folder: Path) -> None:
    """InvalidRequest where the input is not the one that the run in this folder began with."""
    if digest(lines()) != before:
        raise InvalidRequest(
            f"{folder} is of a run on another input, or with other options: "
            "give it those again, or remove it to begin anew."
        )


@contextmanager
def local_batch(
    folder: Path, lines: Lines, catalogue: Catalogue, settings: Settings
) -> Iterator[BatchFile]:
    """The batch in the folder, made from the lines where there is none yet.

    Raises InvalidBatch where no line can be taken.
    """
    target = folder / f"{uuid4().hex}.batch"
    there = next(folder.glob("*.batch"), None)
    if there is None:
        _take(folder / "batch.part", target, lines, catalogue, settings)
    with closing(BatchFile(there or target)) as file:
        if there is not None:
            check_same(file.head().digest, lines, folder)
        yield file


def _take(part: Path, target: Path, lines: Lines, catalogue: Catalogue, settings: Settings) -> None:
    part.unlink(missing_ok=True)  # what a run that was killed here had read
    intake = Intake(part, catalogue, ANYONE, settings)
    try:
        sha = hashlib.sha256()
        for number, line in enumerate(lines(), 1):
            intake.add(number, line)
            sha.update(line + b"\n")
        intake.check(strict=False)
        intake.finish(target, sha.hexdigest())
    finally:
        intake.discard()


def work_off(file: BatchFile, work: Work, report: Report, settings: Settings) -> None:
    """Run every chunk that has no outcomes yet; one that was stopped in the middle is run again."""
    report(file.view(settings.retention_seconds))
    for chunk in chain(file.sent(), iter(file.take, None)):
        started = time.perf_counter()
        outcomes = work(file.requests(chunk))
        file.commit(chunk, outcomes, time.perf_counter() - started)
        report(file.view(settings.retention_seconds))
