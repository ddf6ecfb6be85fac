"""Writes the lines of a request body to a batch on disk, without holding them in memory."""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from models.catalogue import Catalogue
from models.errors import DragomanError
from pipeline.documents.formats import count_characters
from pipeline.languages import settle_summary, settle_translation
from service.batches.items import (
    Item,
    TranslationItem,
    read_custom_id,
    read_fields,
    read_item,
)
from service.batches.schema import SCHEMA
from service.errors import InvalidBatch, InvalidRequest, PayloadTooLarge, problem
from service.jobs.job import JobState
from service.jobs.keys import Client
from service.jobs.scopes import Scope
from service.settings import Settings

SHOWN = 100
"""The number of lines that a refusal lists."""

Inform = Callable[[Client, TranslationItem], TranslationItem]
"""Gives an item of a client with what the translation memory knows of it."""


def _check_size(line: bytes, most: int) -> None:
    """Raise PayloadTooLarge for a line of more bytes."""
    if len(line) > most:
        raise PayloadTooLarge(f"The line has more than {most} bytes. Send it in parts.")


class Intake:
    """Writes a new batch: each valid line is an item, and the items are packed into chunks in order.

    The items of a chunk have about `chunk_characters` together, so that headlines fill an engine batch as
    well as long articles do. An item that repeats an earlier request is in no chunk.
    """

    def __init__(
        self,
        path: Path,
        catalogue: Catalogue,
        client: Client,
        settings: Settings,
        inform: Inform,
    ) -> None:
        self._path = path
        self._client = client
        self._catalogue = catalogue
        self._settings = settings
        self._inform = inform
        # Only this user may read texts: SQLite takes the mode of its journals from the file's.
        path.touch(mode=0o600, exist_ok=False)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Nothing reads the file before it is complete; `BatchStore.sweep` removes it after a crash.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(SCHEMA)
        self._db.execute("CREATE TEMP TABLE seen (digest BLOB PRIMARY KEY, position INTEGER)")
        self._db.execute("BEGIN")
        self._items = self._rejected = self.characters = 0
        self._chunk, self._room = 0, 0

    def add(self, number: int, line: bytes) -> None:
        """Add a line, or record what is wrong with it."""
        if not line.strip():
            return
        custom_id = None
        try:
            _check_size(line, self._settings.line_bytes)
            fields = read_fields(line)
            custom_id = read_custom_id(fields)
            if "document" not in fields:
                _check_size(line, self._settings.max_body_bytes)
            self._add(number, custom_id, self._settled(read_item(fields)))
        except DragomanError as error:
            self._rejected += 1
            self._db.execute(
                "INSERT INTO rejected VALUES (?, ?, ?)",
                [number, custom_id, json.dumps(problem(error))],
            )

    def _settled(self, item: Item) -> Item:
        self._client.require(Scope(item.task))
        if isinstance(item, TranslationItem):
            settled = settle_translation(item, self._catalogue)
            return self._inform(self._client, settled)
        summary = settle_summary(item, self._catalogue)
        self._client.require_for_summary(summary)
        return summary

    def _add(self, number: int, custom_id: str, item: Item) -> None:
        if self._db.execute("SELECT 1 FROM items WHERE custom_id = ?", [custom_id]).fetchone():
            raise InvalidRequest(f"An earlier line has the `custom_id` {custom_id!r}.")
        body = item.model_dump_json(exclude_none=True).encode()
        characters = count_characters(item)
        same_as = self._same_as(body)
        chunk = self._place(characters) if same_as is None else None
        self._db.execute(
            "INSERT INTO items (position, custom_id, line, characters, chunk, same_as)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [self._items, custom_id, number, characters, chunk, same_as],
        )
        if same_as is None:
            self._db.execute("INSERT INTO requests VALUES (?, ?)", [self._items, body])
        self._items += 1
        self.characters += characters

    def _same_as(self, body: bytes) -> int | None:
        """Return the position of the first item with this request; None where this is the first."""
        digest = hashlib.sha256(body).digest()
        row = self._db.execute("SELECT position FROM seen WHERE digest = ?", [digest]).fetchone()
        if row is None:
            self._db.execute("INSERT INTO seen VALUES (?, ?)", [digest, self._items])
            return None
        position: int = row[0]
        return position

    def _place(self, characters: int) -> int:
        """Return the chunk for an item of so many characters."""
        if characters > self._room:
            self._chunk += 1
            self._room = self._settings.chunk_characters
            self._db.execute("INSERT INTO chunks (id, characters) VALUES (?, 0)", [self._chunk])
        self._room -= characters
        self._db.execute(
            "UPDATE chunks SET characters = characters + ? WHERE id = ?", [characters, self._chunk]
        )
        return self._chunk

    def check(self, *, strict: bool) -> None:
        """Raise InvalidBatch where no line is valid or, if `strict`, where one is invalid."""
        if not self._items or (strict and self._rejected):
            raise self._invalid()

    def finish(self, target: Path, digest: str, callback: str | None = None) -> None:
        """Write the batch to `target`, which must not exist, durably and ready to be worked on."""
        self._db.execute(
            "INSERT INTO batch (id, client, digest, state, created_at, total, rejected, characters,"
            " callback) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                target.stem,
                self._client.name,
                digest,
                JobState.QUEUED,
                time.time(),
                self._items,
                self._rejected,
                self.characters,
                callback,
            ],
        )
        self._db.execute("COMMIT")
        # From here on it is read while it is being written.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.close()
        _sync(self._path)
        os.rename(self._path, target)
        _sync(target.parent)

    def _invalid(self) -> InvalidBatch:
        rows = self._db.execute(
            "SELECT line, custom_id, error FROM rejected ORDER BY line LIMIT ?", [SHOWN]
        )
        errors = [
            {"line": line, "custom_id": custom_id, "error": json.loads(error)}
            for line, custom_id, error in rows
        ]
        if not errors:
            return InvalidBatch("The batch is empty. Send one JSON object per line.")
        return InvalidBatch(
            f"{self._rejected} lines are invalid; the first is line {errors[0]['line']}: "
            f"{errors[0]['error']['detail']}",
            errors=errors,
        )

    def discard(self) -> None:
        """Delete a batch that was not finished."""
        self._db.close()
        self._path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until a file or folder has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
