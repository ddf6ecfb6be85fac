"""A batch on a server: sent once, followed, fetched. Each of these steps resumes after an interruption."""

import json
import os
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import httpx

from cli.batches.local import Lines, Report, check_same, digest
from cli.server import ServerUnavailable, checked, event_data
from service.batches.batch import Batch
from service.errors import InvalidRequest

PAUSE_SECONDS = 5.0
"""The pause before retrying a server that is unavailable."""

T = TypeVar("T")


class RemoteBatch:
    """The batch of a run folder on a server; `notify` gets a line when the server is unavailable."""

    def __init__(self, client: httpx.Client, folder: Path, notify: Callable[[str], None]) -> None:
        self._client = client
        self._folder = folder
        self._notify = notify
        self._state = folder / "batch.json"
        self._id = ""

    def send(self, lines: Lines) -> None:
        """Send the lines unless this run has sent them. Raises InvalidRequest if they are refused.

        The idempotency key is written to disk first: a run that is killed while sending sends the same
        batch again, not a second one.
        """
        if self._state.exists():
            state = json.loads(self._state.read_text(encoding="utf-8"))
            check_same(state["digest"], lines, self._folder)
        else:
            state = {"key": uuid4().hex, "digest": digest(lines()), "id": None}
            self._save(state)
        if state["id"] is None:
            try:
                state["id"] = self._retrying(lambda: self._post(lines, state["key"]))
            except InvalidRequest:
                self._state.unlink()  # nothing was accepted: there is nothing to resume
                raise
            self._save(state)
        self._id = state["id"]

    def _post(self, lines: Lines, key: str) -> str:
        answer = self._client.post(
            "/v1/batches",
            content=_gzipped(lines()),
            headers={
                "Content-Type": "application/jsonl",
                "Content-Encoding": "gzip",
                "Idempotency-Key": key,
            },
        )
        return Batch.model_validate_json(checked(answer).content).id

    def _save(self, state: dict[str, str | None]) -> None:
        part = self._state.with_suffix(".part")
        part.write_text(json.dumps(state), encoding="utf-8")
        os.replace(part, self._state)

    def follow(self, report: Report) -> Batch:
        """Report each change of the batch until it has ended; return its final state."""
        return self._retrying(lambda: self._events(report))

    def _events(self, report: Report) -> Batch:
        with self._client.stream("GET", f"/v1/batches/{self._id}/events") as events:
            checked(events)
            for data in event_data(events):
                batch = Batch.model_validate_json(data)
                report(batch)
                if batch.state.finished:
                    return batch
        raise ServerUnavailable("The event stream ended early.")

    def results(self) -> Iterator[bytes]:
        """Download the results to disk, then yield their lines in the input's order."""
        part = self._folder / "results.jsonl"
        self._retrying(lambda: self._fetch(part))
        with part.open("rb") as file:
            yield from file

    def _fetch(self, part: Path) -> None:
        """Download the missing rest of the results."""
        with part.open("ab") as file:
            have = {"Range": f"bytes={file.tell()}-"} if file.tell() else {}
            with self._client.stream(
                "GET", f"/v1/batches/{self._id}/results", headers=have
            ) as answer:
                if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                    return  # it is complete
                if checked(answer).status_code != httpx.codes.PARTIAL_CONTENT:
                    file.truncate(0)
                for data in answer.iter_bytes():
                    file.write(data)

    def errors(self) -> Iterator[bytes]:
        """Yield the lines of rejected and failed items."""
        content = self._retrying(
            lambda: checked(self._client.get(f"/v1/batches/{self._id}/errors")).content
        )
        yield from content.splitlines(keepends=True)

    def _retrying(self, call: Callable[[], T]) -> T:
        last = ""
        while True:
            try:
                return call()
            except (httpx.TransportError, ServerUnavailable) as error:
                line = f"the server is unavailable ({error}): retrying every {PAUSE_SECONDS:.0f} s"
                if line != last:
                    self._notify(last := line)
                time.sleep(PAUSE_SECONDS)


def _gzipped(lines: Iterator[bytes]) -> Iterator[bytes]:
    deflate = zlib.compressobj(level=1, wbits=31)
    for line in lines:
        yield deflate.compress(line + b"\n")
    yield deflate.flush()
