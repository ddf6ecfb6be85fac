"""The folder of batches: one SQLite file per batch, and the idempotency keys that name batches."""

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

from models.catalogue import Catalogue
from models.file_lock import exclusive_lock
from service.batches.batch import BatchPage
from service.batches.file import BatchFile, Head
from service.batches.intake import Inform, Intake
from service.errors import (
    BatchDamaged,
    BatchNotFound,
    QueueFull,
    StorageUnavailable,
    TooManyBatches,
)
from service.jobs.keys import Client
from service.settings import Settings

WAKE = "dragoman:batches"
"""The channel on which the feeder hears of a new batch, or of one cancelled."""

ASSUMED_PACE = 4000
"""Characters per second of one worker before any was measured: the embedded model on two cores."""

UPLOAD_SECONDS = 24 * 3600
"""The age at which an unfinished upload is what a crash has left."""

_ID = re.compile(r"[0-9a-f]{32}")
_SUFFIXES = ("", "-wal", "-shm")


def batch_channel(batch_id: str) -> str:
    """The channel on which changes of a batch are published."""
    return f"dragoman:batch:{batch_id}"


@dataclass(slots=True)
class Backlog:
    """The unfinished work of all batches."""

    characters: int = 0
    worker_seconds: float = 0.0
    """How long one worker process would need for it, at the pace of each batch's last chunks."""
    damaged: int = 0
    """Batches whose file cannot be read."""


class BatchStore:
    """The batches on this machine's disk. Several processes may use the same folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.batches_dir
        # A batch that has finished stays so, and its id is never used again: no need to open it.
        self._finished: set[str] = set()

    def path(self, batch_id: str) -> Path:
        """Return the path of a batch; raise BatchNotFound for what cannot be an id."""
        if not _ID.fullmatch(batch_id):
            raise BatchNotFound
        return self._folder / f"{batch_id}.batch"

    def lock_file(self) -> IO[str]:
        """Open the file that the active feeder locks.

        Raises StorageUnavailable where the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return (self._folder / "feeder.lock").open("w")
        except OSError as error:
            raise StorageUnavailable(f"DRAGOMAN_BATCHES_DIR: {error}") from error

    @contextmanager
    def intake(self, catalogue: Catalogue, client: Client, inform: Inform) -> Iterator[Intake]:
        """Begin a new batch; unless `add` keeps it, nothing of it is left afterwards."""
        part = self._folder / f"{uuid4().hex}.part"
        intake = Intake(part, catalogue, client, self._settings, inform)
        try:
            yield intake
        finally:
            intake.discard()

    def add(
        self,
        intake: Intake,
        digest: str,
        client: Client,
        key: str | None,
        callback: str | None = None,
    ) -> str:
        """Keep what was taken in as a new batch and return its id; `callback` is its webhook as JSON.

        If the client has a batch with this idempotency key already, return that one's id instead.
        Raises TooManyBatches or QueueFull at the limits of unfinished batches.
        """
        batch_id = uuid4().hex
        with self._locked():
            existing = self.find(client, key)
            if existing is not None:
                return existing
            self.check_limits(client)
            if key is not None:
                # First the name, then the batch: a name without a batch counts for nothing.
                name = self._key_path(client, key)
                name.unlink(missing_ok=True)
                name.symlink_to(self.path(batch_id).name)
            intake.finish(self.path(batch_id), digest, callback)
        return batch_id

    def find(self, client: Client, key: str | None) -> str | None:
        """Return the id of the client's batch with this idempotency key, if there is one."""
        if key is None:
            return None
        name = self._key_path(client, key)
        return name.readlink().stem if name.exists() else None

    def _key_path(self, client: Client, key: str) -> Path:
        """Return the symbolic link that names the batch of a client's idempotency key."""
        digest = hashlib.sha256(f"{client.name}\n{key}".encode()).hexdigest()
        return self._folder / f"{digest}.key"

    def _locked(self) -> AbstractContextManager[None]:
        return exclusive_lock(self._folder / "keys.lock")

    def check_limits(self, client: Client) -> None:
        """Raise TooManyBatches or QueueFull where one more unfinished batch would be too many."""
        owners = [file.head().client for file in self._unfinished()]
        most, client_most = self._settings.max_batches, self._settings.max_client_batches
        if owners.count(client.name) >= client_most:
            raise TooManyBatches(
                f"You have {client_most} unfinished batches, which is the maximum. "
                "Wait until one has finished, or cancel one."
            )
        if len(owners) >= most:
            raise QueueFull(
                f"There are {most} unfinished batches, which is the maximum.", retry_after=60
            )

    def ids(self) -> list[str]:
        """Return the ids of all batches."""
        return sorted(path.stem for path in self._folder.glob("*.batch"))

    def open(self, batch_id: str) -> BatchFile:
        """Open a batch, which the caller closes; raise BatchNotFound or BatchDamaged."""
        path = self.path(batch_id)
        if not path.exists():
            raise BatchNotFound
        return BatchFile(path)

    def listed(self, client: Client, page: int, size: int) -> BatchPage:
        """Return some of a client's batches, the newest first; damaged ones are left out."""
        heads = sorted(self._heads(client), key=lambda head: -head.created_at)
        batches = []
        for head in heads[page * size : (page + 1) * size]:
            with suppress(BatchNotFound), closing(self.open(head.id)) as file:
                batches.append(file.view(self._settings.retention_seconds))
        return BatchPage(batches=batches, page=page, total=len(heads))

    def _heads(self, client: Client) -> Iterator[Head]:
        for batch_id in self.ids():
            with suppress(BatchNotFound, BatchDamaged), closing(self.open(batch_id)) as file:
                head = file.head()
                if head.client == client.name:
                    yield head

    def remove(self, batch_id: str) -> None:
        """Delete a batch with its texts and results."""
        path = self.path(batch_id)
        for suffix in _SUFFIXES:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        self._finished.discard(batch_id)

    def backlog(self) -> Backlog:
        """Return the unfinished work of all batches."""
        total = Backlog()
        for file in self._unfinished(total):
            left = file.remaining()
            pace = left.seconds / left.done if left.done else 1 / ASSUMED_PACE
            total.characters += left.characters
            total.worker_seconds += left.characters * pace
        return total

    def _unfinished(self, total: Backlog | None = None) -> Iterator[BatchFile]:
        """Open each unfinished batch in turn; count those that are damaged in `total`."""
        for batch_id in self.ids():
            if batch_id in self._finished:
                continue
            try:
                with closing(self.open(batch_id)) as file:
                    if file.head().state.finished:
                        self._finished.add(batch_id)
                    else:
                        yield file
            except BatchNotFound:
                continue  # removed meanwhile
            except BatchDamaged:
                if total is not None:
                    total.damaged += 1

    def sweep(self) -> None:
        """Remove unfinished uploads of more than a day ago, and keys whose batch was removed."""
        for path in self._folder.glob("*.part"):
            if time.time() - path.stat().st_mtime > UPLOAD_SECONDS:
                path.unlink(missing_ok=True)
        if any(not name.exists() for name in self._folder.glob("*.key")):
            # Under the lock: `add` writes a name before its batch.
            with self._locked():
                for name in self._folder.glob("*.key"):
                    if not name.exists():
                        name.unlink()
