"""A batch in this process: the same batch file as on a server, without Redis."""

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
from service.lookup import Lookup
from service.settings import Settings
from service.storage.schema import open_database

Lines = Callable[[], Iterator[bytes]]
"""Opens the input from the start."""
Work = Callable[[str], list[dict[str, Any]]]
"""Turns a `Chunk` as JSON into the outcomes of a `ChunkResult`."""
Report = Callable[[Batch], None]


def digest(lines: Iterator[bytes]) -> str:
    """The SHA-256 of an input."""
    sha = hashlib.sha256()
    for line in lines:
        sha.update(line + b"\n")
    return sha.hexdigest()


def check_same(before: str, lines: Lines, folder: Path) -> None:
    """Raise InvalidRequest if the input has changed since the run in this folder began."""
    if digest(lines()) != before:
        raise InvalidRequest(
            f"{folder} belongs to a run with another input or other options: "
            "rerun it with those to resume it, or remove the folder to start over."
        )


@contextmanager
def local_batch(
    folder: Path, lines: Lines, catalogue: Catalogue, settings: Settings
) -> Iterator[BatchFile]:
    """Open the folder's batch, or create it from the lines if there is none.

    Raises InvalidBatch if no line is valid.
    """
    target = folder / f"{uuid4().hex}.batch"
    existing = next(folder.glob("*.batch"), None)
    if existing is None:
        _create(folder / "batch.part", target, lines, catalogue, settings)
    with closing(BatchFile(existing or target)) as file:
        if existing is not None:
            check_same(file.head().digest, lines, folder)
        yield file


def _create(
    part: Path, target: Path, lines: Lines, catalogue: Catalogue, settings: Settings
) -> None:
    part.unlink(missing_ok=True)  # left by a run that was killed here
    database = open_database(settings)
    intake = Intake(part, catalogue, ANYONE, settings, Lookup(database, settings).informed_item)
    try:
        sha = hashlib.sha256()
        for number, line in enumerate(lines(), 1):
            intake.add(number, line)
            sha.update(line + b"\n")
        intake.check(strict=False)
        intake.finish(target, sha.hexdigest())
    finally:
        intake.discard()
        database.close()


def process_chunks(file: BatchFile, work: Work, report: Report, settings: Settings) -> None:
    """Process every chunk without outcomes; one that was interrupted starts again."""
    report(file.view(settings.retention_seconds))
    for chunk in chain(file.sent(), iter(file.take, None)):
        started = time.perf_counter()
        outcomes = work(file.requests(chunk))
        file.commit(chunk, outcomes, time.perf_counter() - started)
        report(file.view(settings.retention_seconds))
