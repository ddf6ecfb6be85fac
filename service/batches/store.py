"""The folder of batches: one file each."""

import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

from models.catalogue import Catalogue
from service.batches.file import Backlog, BatchFile
from service.batches.intake import Intake
from service.errors import BatchNotFound, StorageUnavailable
from service.jobs.keys import Client
from service.settings import Settings

WAKE = "dragoman:batches"
"""The channel on which the feeder hears of a new batch, or of one cancelled."""

ASSUMED_PACE = 4000
"""Characters a second of one worker, before one was measured: the embedded model on two cores."""

_ID = re.compile(r"[0-9a-f]{32}")
_SIDES = ("", "-wal", "-shm")


def batch_channel(batch_id: str) -> str:
    """The channel on which a batch's changes are told."""
    return f"dragoman:batch:{batch_id}"


class BatchStore:
    """The batches on this machine's disk."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.batches_dir

    def path(self, batch_id: str) -> Path:
        """Where the batch is; BatchNotFound for what cannot be an id."""
        if not _ID.fullmatch(batch_id):
            raise BatchNotFound
        return self._folder / f"{batch_id}.batch"

    def lock_file(self) -> IO[str]:
        """The file that whoever feeds locks; StorageUnavailable where the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return (self._folder / "feeder.lock").open("w")
        except OSError as error:
            raise StorageUnavailable(f"DRAGOMAN_BATCHES_DIR: {error}") from error

    @contextmanager
    def intake(self, catalogue: Catalogue, client: Client) -> Iterator[Intake]:
        """A new batch to write; nothing is left of it unless it is finished."""
        part = self._folder / f"{uuid4().hex}.part"
        intake = Intake(part, catalogue, client, self._settings)
        try:
            yield intake
        finally:
            intake.discard()

    def ids(self) -> list[str]:
        """The batches there are."""
        return sorted(path.stem for path in self._folder.glob("*.batch"))

    def open(self, batch_id: str) -> BatchFile:
        """The batch, to be closed by the caller; BatchNotFound where there is none."""
        path = self.path(batch_id)
        if not path.exists():
            raise BatchNotFound
        return BatchFile(path)

    def remove(self, batch_id: str) -> None:
        """Forget the batch, texts and results."""
        path = self.path(batch_id)
        for side in _SIDES:
            path.with_name(path.name + side).unlink(missing_ok=True)

    def characters_left(self) -> int:
        """Characters of all batches that are not done yet."""
        return sum(backlog.left for backlog in self._backlogs())

    def worker_seconds_left(self) -> float:
        """How long one worker process would need for all batches, at the pace of each one's last chunks."""
        return sum(
            backlog.left * (backlog.seconds / backlog.done if backlog.done else 1 / ASSUMED_PACE)
            for backlog in self._backlogs()
        )

    def _backlogs(self) -> Iterator[Backlog]:
        for batch_id in self.ids():
            with suppress(BatchNotFound), closing(self.open(batch_id)) as file:
                yield file.backlog()

    def sweep(self) -> None:
        """Remove what a crash left of an upload a day ago."""
        for path in self._folder.glob("*.part"):
            if time.time() - path.stat().st_mtime > 24 * 3600:
                path.unlink(missing_ok=True)
