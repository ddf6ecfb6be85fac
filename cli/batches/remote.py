"""A batch at a server: sent once, followed, fetched; each of the three goes on after a break."""

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
from models.errors import DragomanError
from service.batches.batch import Batch
from service.errors import InvalidRequest

PAUSE_SECONDS = 5.0
"""How long to wait before asking a server again that is away."""

T = TypeVar("T")


class _Away(DragomanError):
    """The server does not answer, or not well; it may again."""


class RemoteBatch:
    """The batch that the folder knows of, at the server; `tell` is told when the server is away."""

    def __init__(self, client: httpx.Client, folder: Path, tell: Callable[[str], None]) -> None:
        self._client = client
        self._folder = folder
        self._tell = tell
        self._state = folder / "batch.json"
        self._id = ""

    def send(self, lines: Lines) -> None:
        """Send the lines, unless this folder's run has; InvalidRequest where they are refused.

        The key is on disk before the first byte leaves: a run that is killed while it sends sends the
        same batch again, not a second one.
        """
        if self._state.exists():
            state = json.loads(self._state.read_text(encoding="utf-8"))
            check_same(state["digest"], lines, self._folder)
        else:
            state = {"key": uuid4().hex, "digest": digest(lines()), "id": None}
            self._keep(state)
        if state["id"] is None:
            try:
                state["id"] = self._patiently(lambda: self._post(lines, state["key"]))
            except InvalidRequest:
                self._state.unlink()  # nothing was taken: there is nothing to go on with
                raise
            self._keep(state)
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
        return Batch.model_validate_json(_good(answer).content).id

    def _keep(self, state: dict[str, str | None]) -> None:
        part = self._state.with_suffix(".part")
        part.write_text(json.dumps(state), encoding="utf-8")
        os.replace(part, self._state)

    def follow(self, report: Report) -> Batch:
        """Report the batch at each change until it has ended."""
        return self._patiently(lambda: self._events(report))

    def _events(self, report: Report) -> Batch:
        with self._client.stream("GET", f"/v1/batches/{self._id}/events") as events:
            _good(events)
            for line in events.iter_lines():
                if line.startswith("data: "):
                    batch = Batch.model_validate_json(line.removeprefix("data: "))
                    report(batch)
                    if batch.state.finished:
                        return batch
        raise _Away("The events ended too early.")

    def results(self) -> Iterator[bytes]:
        """The lines of the results, in the input's order; fetched to disk first."""
        part = self._folder / "results.jsonl"
        self._patiently(lambda: self._fetch(part))
        with part.open("rb") as file:
            yield from file

    def _fetch(self, part: Path) -> None:
        """Fetch what is missing of the results."""
        with part.open("ab") as file:
            have = {"Range": f"bytes={file.tell()}-"} if file.tell() else {}
            with self._client.stream(
                "GET", f"/v1/batches/{self._id}/results", headers=have
            ) as answer:
                if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                    return  # it is whole
                if _good(answer).status_code != httpx.codes.PARTIAL_CONTENT:
                    file.truncate(0)
                for data in answer.iter_bytes():
                    file.write(data)

    def errors(self) -> Iterator[bytes]:
        """The lines of what was rejected and what failed."""
        content = self._patiently(
            lambda: _good(self._client.get(f"/v1/batches/{self._id}/errors")).content
        )
        yield from content.splitlines(keepends=True)

    def _patiently(self, call: Callable[[], T]) -> T:
        told = ""
        while True:
            try:
                return call()
            except (httpx.TransportError, _Away) as error:
                why = f"the server is away ({error}): trying again every {PAUSE_SECONDS:.0f} s"
                if why != told:
                    self._tell(told := why)
                time.sleep(PAUSE_SECONDS)


def _good(answer: httpx.Response) -> httpx.Response:
    """The answer; InvalidRequest where the server refuses, _Away where it cannot for now."""
    if answer.is_success:
        return answer
    answer.read()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"The server answered {answer.status_code}."
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise _Away(detail)
    raise InvalidRequest(detail)


def _gzipped(lines: Iterator[bytes]) -> Iterator[bytes]:
    deflate = zlib.compressobj(level=1, wbits=31)
    for line in lines:
        yield deflate.compress(line + b"\n")
    yield deflate.flush()
