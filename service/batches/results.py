"""The results of a batch as lines, in either order and from any position, also while it runs."""

import heapq
import json
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from operator import itemgetter
from typing import Any

from service.batches.items import result_line
from service.jobs.job import JobState

PAGE = 200
"""Lines per query: an open query of a slow caller would keep SQLite from emptying its log."""


class Order(StrEnum):
    """The order of results."""

    INPUT = "input"
    FINISHED = "finished"

    @property
    def column(self) -> str:
        """The column to sort by."""
        return "position" if self is Order.INPUT else "ended"


class Results:
    """The result lines of an open batch file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def _is_running(self) -> bool:
        (state,) = self._db.execute("SELECT state FROM batch").fetchone()
        return not JobState(state).finished

    def lines(self, order: Order, after: int = -1, skip: int = 0) -> Iterator[bytes]:
        """Yield the lines after a position, the first without its first `skip` bytes.

        In the order of the input they end, while the batch runs, at the first one that is missing: a
        line that was read is never followed by one that belongs before it.
        """
        column, waits = order.column, self._is_running()
        while True:
            rows = self._db.execute(
                "SELECT i.*, r.body FROM items i"
                " LEFT JOIN results r ON r.position = coalesce(i.same_as, i.position)"
                f" WHERE i.{column} > ? ORDER BY i.{column} LIMIT {PAGE}",
                [after],
            ).fetchall()
            for row in rows:
                if row["status"] is not None:
                    yield result_line(row["custom_id"], row["status"], row["body"])[skip:]
                    skip = 0
                elif waits:
                    return
            if len(rows) < PAGE:
                return
            after = rows[-1][column]

    def place(self, order: Order, custom_id: str) -> int:
        """Return the position of an item with a result; raise LookupError where it has none."""
        row = self._db.execute(
            f"SELECT {order.column} AS place FROM items WHERE custom_id = ? AND ended IS NOT NULL",
            [custom_id],
        ).fetchone()
        if row is None:
            raise LookupError(custom_id)
        place: int = row["place"]
        return place

    def seek(self, order: Order, byte: int) -> tuple[int, int]:
        """Return the position before the line with this byte, and the offset of the byte in the line.

        Raises LookupError where the results are shorter.
        """
        row = self._db.execute(
            "SELECT * FROM (SELECT place, length, sum(length) OVER (ORDER BY place) AS ends"
            f" FROM ({self._available(order)})) WHERE ends > ? LIMIT 1",
            [byte],
        ).fetchone()
        if row is None:
            raise LookupError(byte)
        return row["place"] - 1, byte - (row["ends"] - row["length"])

    def size(self, order: Order) -> int:
        """Return the size of the results so far, in bytes."""
        query = f"SELECT coalesce(sum(length), 0) AS size FROM ({self._available(order)})"
        size: int = self._db.execute(query).fetchone()["size"]
        return size

    def _available(self, order: Order) -> str:
        """Return the query for `place` and `length` of the results so far in this order."""
        query = f"SELECT {order.column} AS place, length FROM items WHERE ended IS NOT NULL"
        if order is Order.INPUT and self._is_running():
            query += (
                " AND position < coalesce((SELECT position FROM items WHERE ended IS NULL"
                " ORDER BY position LIMIT 1), 1e18)"
            )
        return query

    def errors(self) -> Iterator[bytes]:
        """Yield lines for rejected and failed items, by their line in the input."""
        rejected = self._pages("SELECT line, custom_id, 'rejected' AS status, error FROM rejected")
        failed = self._pages(
            "SELECT line, custom_id, status, body AS error FROM items"
            " JOIN results ON results.position = coalesce(same_as, items.position)"
            " WHERE status = 'failed'"
        )
        for row in heapq.merge(rejected, failed, key=itemgetter("line")):
            yield json.dumps(error_of(row), ensure_ascii=False).encode() + b"\n"

    def _pages(self, query: str) -> Iterator[sqlite3.Row]:
        """Yield the rows of a query by their `line`, page by page."""
        start = 0
        page = f"SELECT * FROM ({query}) WHERE line > ? ORDER BY line LIMIT {PAGE}"
        while rows := self._db.execute(page, [start]).fetchall():
            yield from rows
            start = rows[-1]["line"]


def error_of(row: sqlite3.Row) -> dict[str, Any]:
    """Return the row of a rejected or failed line as an object."""
    return {**dict(row), "error": json.loads(row["error"])}
