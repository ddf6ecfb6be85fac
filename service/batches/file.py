"""One batch on disk, as an SQLite file: its state and its chunks.

Only the front writes it. The outcomes of a chunk are committed once, in one transaction: an item has one
result however often its chunk was worked on.
"""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from service.batches.batch import Batch, Characters, ItemCounts, SentenceCounts
from service.batches.items import result_line
from service.batches.results import Results, error_of
from service.errors import BatchDamaged
from service.jobs.job import JobState

RATE_SECONDS = 300
"""The period of the rate: long enough for a chunk of the slowest model."""
PACE = 50
"""The number of last chunks from which the pace of a worker is computed."""
SHOWN = 10
"""The number of rejected lines that a batch lists."""


_DAMAGE = {
    sqlite3.SQLITE_ERROR,  # a table is missing
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_NOTADB,
}


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the error says that the file's content is damaged, and not the disk or a lock."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in _DAMAGE


@dataclass(frozen=True, slots=True)
class Head:
    """The owner of a batch, the SHA-256 of what was sent, and the state of the batch."""

    id: str
    client: str
    digest: str
    state: JobState
    created_at: float
    finished_at: float | None


@dataclass(frozen=True, slots=True)
class Remaining:
    """Characters that are not done yet, and the pace of the last chunks."""

    characters: int
    done: int
    """Characters of the last chunks."""
    seconds: float
    """The worker time that they took."""


class BatchFile:
    """An open batch. One thread at a time; several processes may have it open."""

    def __init__(self, path: Path) -> None:
        """Open a file; raise BatchDamaged where it is no complete batch.

        Raises sqlite3.OperationalError where the file is missing or the disk fails.
        """
        self._db = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw", uri=True, timeout=30, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        self._db.row_factory = sqlite3.Row
        self.results = Results(self._db)
        try:
            self._db.execute("PRAGMA synchronous = NORMAL")
            if self._row() is None:
                raise BatchDamaged
        except sqlite3.DatabaseError as error:
            self._db.close()
            if is_damage(error):
                raise BatchDamaged from error
            raise
        except BatchDamaged:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Row]:
        """Begin a transaction that writes; give the row of the batch in it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._row()
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _row(self) -> sqlite3.Row:
        row: sqlite3.Row = self._db.execute("SELECT * FROM batch").fetchone()
        return row

    def head(self) -> Head:
        """Return the owner and the state."""
        row = self._row()
        return Head(
            row["id"],
            row["client"],
            row["digest"],
            JobState(row["state"]),
            row["created_at"],
            row["finished_at"],
        )

    def callback(self) -> str | None:
        """Return the webhook as JSON, if there is one."""
        callback: str | None = self._row()["callback"]
        return callback

    def awaits_hand_over(self) -> bool:
        """Return whether the batch has ended and the courier does not have its webhook yet."""
        row = self._row()
        return row["callback"] is not None and row["finished_at"] and not row["handed_over"]

    def mark_handed_over(self) -> None:
        """Write that the courier has the webhook."""
        self._db.execute("UPDATE batch SET handed_over = 1")

    def view(self, retention_seconds: int) -> Batch:
        """Return the batch as a caller sees it."""
        row = self._row()
        rate = None if JobState(row["state"]).finished else self._rate(row["started_at"])
        left = row["characters"] - row["characters_done"]
        finished_at = row["finished_at"]
        return Batch(
            id=row["id"],
            state=JobState(row["state"]),
            counts=ItemCounts(**{name: row[name] for name in ItemCounts.model_fields}),
            sentences=SentenceCounts(
                total=row["sentences"],
                from_memory=row["from_memory"],
                terms=row["terms"],
                terms_missing=row["terms_missing"],
            ),
            characters=Characters(done=row["characters_done"], total=row["characters"]),
            rate=rate,
            seconds_left=left / rate if rate else None,
            created_at=_time(row["created_at"]),
            started_at=_time(row["started_at"]),
            finished_at=_time(finished_at),
            expires_at=_time(finished_at + retention_seconds if finished_at else None),
            rejected=[
                error_of(row)
                for row in self._db.execute(
                    f"SELECT line, custom_id, error FROM rejected ORDER BY line LIMIT {SHOWN}"
                )
            ],
        )

    def _rate(self, started_at: float | None) -> float | None:
        """Return the characters per second of the last `RATE_SECONDS`, or since the batch began."""
        if started_at is None:
            return None
        now = time.time()
        since = max(started_at, now - RATE_SECONDS)
        (characters,) = self._db.execute(
            "SELECT sum(characters) FROM chunks WHERE state = 'done' AND finished_at > ?", [since]
        ).fetchone()
        return characters / (now - since) if characters else None

    def remaining(self) -> Remaining:
        """Return what is left to do, and the pace of the last chunks."""
        row = self._row()
        if JobState(row["state"]).finished:
            return Remaining(0, 0, 0.0)
        done, seconds = self._db.execute(
            "SELECT coalesce(sum(characters), 0), coalesce(sum(seconds), 0) FROM (SELECT characters,"
            f" seconds FROM chunks WHERE state = 'done' ORDER BY finished_at DESC LIMIT {PACE})"
        ).fetchone()
        return Remaining(row["characters"] - row["characters_done"], done, seconds)

    def sent(self) -> list[int]:
        """Return the chunks that were sent to workers and have no outcome yet."""
        rows = self._db.execute("SELECT id FROM chunks WHERE state = 'sent' ORDER BY id")
        return [row["id"] for row in rows]

    def take(self) -> int | None:
        """Mark the next pending chunk as sent and return it; return None where none is pending."""
        with self._transaction() as batch:
            row = self._db.execute(
                "SELECT id FROM chunks WHERE state = 'pending' ORDER BY id LIMIT 1"
            ).fetchone()
            if row is None or JobState(batch["state"]).finished:
                return None
            self._db.execute("UPDATE chunks SET state = 'sent' WHERE id = ?", [row["id"]])
            self._db.execute(
                "UPDATE batch SET state = 'running', started_at = coalesce(started_at, ?)",
                [time.time()],
            )
        chunk: int = row["id"]
        return chunk

    def requests(self, chunk: int) -> str:
        """Return the items of a chunk as the JSON of `service.batches.items.Chunk`."""
        rows = self._db.execute(
            "SELECT body FROM items JOIN requests USING (position) WHERE chunk = ?"
            " ORDER BY position",
            [chunk],
        )
        return '{"items": [' + ", ".join(row["body"].decode() for row in rows) + "]}"

    def commit(self, chunk: int, outcomes: Sequence[dict[str, Any]], seconds: float) -> bool:
        """Write the outcomes of a chunk; return False where that was done before or it has ended.

        `outcomes` are those of `ChunkResult` as JSON; `seconds` is the time of the worker.
        """
        with self._transaction() as batch:
            if JobState(batch["state"]).finished or not self._finish_chunk(chunk, seconds):
                return False
            ended = count(batch["done"] + batch["failed"])
            items = self._db.execute(
                "SELECT position FROM items WHERE chunk = ? ORDER BY position", [chunk]
            ).fetchall()
            for item, outcome in zip(items, outcomes, strict=True):
                self._keep(item["position"], outcome, ended)
            self._db.execute(
                "UPDATE batch SET state = 'succeeded', finished_at = ? WHERE done + failed = total",
                [time.time()],
            )
        return True

    def _finish_chunk(self, chunk: int, seconds: float) -> bool:
        done = self._db.execute(
            "UPDATE chunks SET state = 'done', finished_at = ?, seconds = ?"
            " WHERE id = ? AND state = 'sent'",
            [time.time(), seconds, chunk],
        )
        return done.rowcount == 1

    def _keep(self, position: int, outcome: dict[str, Any], ended: "count[int]") -> None:
        """Write the outcome of an item, also for the items that repeat its request."""
        status = "succeeded" if "result" in outcome else "failed"
        body = json.dumps(outcome.get("result", outcome.get("error")), ensure_ascii=False).encode()
        self._db.execute("INSERT INTO results VALUES (?, ?)", [position, body])
        same = self._db.execute(
            "SELECT position, custom_id, characters FROM items WHERE position = ? OR same_as = ?"
            " ORDER BY position",
            [position, position],
        ).fetchall()
        for item in same:
            self._db.execute(
                "UPDATE items SET status = ?, ended = ?, length = ? WHERE position = ?",
                [
                    status,
                    next(ended),
                    len(result_line(item["custom_id"], status, body)),
                    item["position"],
                ],
            )
        self._db.execute(
            f"UPDATE batch SET {'done = done' if status == 'succeeded' else 'failed = failed'} + ?,"
            " cached = cached + ?, characters_done = characters_done + ?, sentences = sentences + ?,"
            " from_memory = from_memory + ?, terms = terms + ?, terms_missing = terms_missing + ?",
            [
                len(same),
                len(same) - 1 if status == "succeeded" else 0,
                sum(item["characters"] for item in same),
                *(len(same) * number for number in _sentence_counts(outcome)),
            ],
        )

    def split(self, chunk: int) -> bool:
        """Split a chunk that killed its workers into chunks of one item each.

        Returns False where it has a single item, which is the one that kills.
        """
        with self._transaction():
            items = self._db.execute(
                "SELECT position, characters FROM items WHERE chunk = ?", [chunk]
            ).fetchall()
            if len(items) == 1:
                return False
            for item in items:
                new = self._db.execute(
                    "INSERT INTO chunks (characters) VALUES (?)", [item["characters"]]
                )
                self._db.execute(
                    "UPDATE items SET chunk = ? WHERE position = ?",
                    [new.lastrowid, item["position"]],
                )
            self._db.execute("DELETE FROM chunks WHERE id = ?", [chunk])
        return True

    def cancel(self) -> None:
        """Cancel the batch; its results so far are kept. Does nothing where it has ended."""
        with self._transaction() as batch:
            if not JobState(batch["state"]).finished:
                self._db.execute(
                    "UPDATE batch SET state = 'cancelled', finished_at = ?", [time.time()]
                )

    def forget(self, chunk: int) -> None:
        """Mark a chunk of a cancelled batch as dropped: no worker has it any more."""
        self._db.execute("UPDATE chunks SET state = 'dropped' WHERE id = ?", [chunk])


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _sentence_counts(outcome: dict[str, Any]) -> tuple[int, int, int, int]:
    """Sentences, those from the memory, terms, and terms that are missing; of a translation."""
    segments = outcome.get("result", {}).get("segments", [])
    terms = [term for segment in segments for term in segment.get("terms", [])]
    return (
        len(segments),
        sum(segment["origin"] == "memory" for segment in segments),
        len(terms),
        sum(not term["is_kept"] for term in terms),
    )
