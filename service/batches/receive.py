"""Reads the body of a batch in pieces: inflates it and splits it into lines."""

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator

from fastapi.concurrency import run_in_threadpool

from service.batches.intake import Intake
from service.errors import MalformedRequest, PayloadTooLarge
from service.settings import Settings

_PIECE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class Lines:
    """Splits a body that arrives in pieces, gzipped or not, into numbered lines.

    Raises PayloadTooLarge over `batch_bytes` or `batch_lines`, MalformedRequest for invalid gzip.
    """

    def __init__(self, settings: Settings, *, gzipped: bool) -> None:
        self._settings = settings
        self._inflate = zlib.decompressobj(wbits=31) if gzipped else None
        self._digest = hashlib.sha256()
        self._rest = b""
        self._bytes = self._lines = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of the inflated body so far."""
        return self._digest.hexdigest()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the lines that are complete now; one over `line_bytes` is cut after one more byte."""
        for piece in self._inflated(data):
            self._digest.update(piece)
            self._bytes += len(piece)
            if self._bytes > self._settings.batch_bytes:
                raise PayloadTooLarge(
                    f"The batch has more than {self._settings.batch_bytes} bytes. Send it in parts."
                )
            *lines, rest = (self._rest + piece).split(b"\n")
            # A line over the limit is refused by its length: the rest of it is not needed.
            self._rest = rest[: self._settings.line_bytes + 1]
            for line in lines:
                yield self._numbered(line)

    def end(self) -> Iterator[tuple[int, bytes]]:
        """Yield the last line if no newline ended it."""
        if self._inflate is not None and not self._inflate.eof:
            raise MalformedRequest("The gzip stream ends too early.")
        first = not self._lines
        if self._rest and not (first and self._rest == _BOM):  # a byte order mark alone is no line
            yield self._numbered(self._rest)

    def _numbered(self, line: bytes) -> tuple[int, bytes]:
        self._lines += 1
        if self._lines > self._settings.batch_lines:
            raise PayloadTooLarge(
                f"The batch has more than {self._settings.batch_lines} lines. Send it in parts."
            )
        return self._lines, line.removeprefix(_BOM) if self._lines == 1 else line

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            yield data
            return
        try:
            while data:
                if self._inflate.eof:  # gzip files may follow one another
                    self._inflate = zlib.decompressobj(wbits=31)
                yield self._inflate.decompress(data, _PIECE)
                data = self._inflate.unconsumed_tail or self._inflate.unused_data
        except zlib.error as error:
            raise MalformedRequest(
                "The body is not gzip although `Content-Encoding` says so."
            ) from error


async def receive(body: AsyncIterator[bytes], lines: Lines, intake: Intake | None) -> None:
    """Read the body to its end into a batch; without `intake`, only to compute its digest."""

    def take(given: Iterator[tuple[int, bytes]]) -> None:
        for number, line in given:
            if intake is not None:
                intake.add(number, line)

    async for data in body:
        await run_in_threadpool(take, lines.feed(data))
    await run_in_threadpool(take, lines.end())
