"""Limits on request bodies: their size, and the time that they may take to arrive."""

import asyncio
import time
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MINIMUM_RATE = 500
"""Bytes per second; a body may take one second longer for each (as in Apache's mod_reqtimeout)."""


class BodyLimit:
    """ASGI middleware: answers a body that is too large with 413, and one that is too slow with 408.

    A compressed body is a 415, except at the paths that inflate it themselves: nothing else checks its
    inflated size.

    Starlette's own limit answers in plain text, bypassing the exception handlers; this one raises where
    the body is read, so that the answer is a problem like all others.
    """

    def __init__(
        self,
        app: ASGIApp,
        most: int,
        seconds: float,
        paths: Mapping[str, int],
        inflating: Collection[str],
    ) -> None:
        """Limit bodies to `most` bytes, or to those of the first of `paths` that their path begins with.

        The first byte has `seconds`.
        """
        self._app = app
        self._most = most
        self._seconds = seconds
        self._paths = paths
        self._inflating = inflating

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = next(
            (limit for path, limit in self._paths.items() if scope["path"].startswith(path)),
            self._most,
        )
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        compressed = headers.get("content-encoding", "identity").strip().lower() != "identity"
        # A length of more digits is over every limit, and int() refuses thousands of them.
        declared = int(length[:20]) if length.isdecimal() else 0
        started, read, complete = time.monotonic(), 0, False

        def check(size: int) -> None:
            if size > most:
                raise HTTPException(413, f"The body has more than {most} bytes. Send it in parts.")

        async def counted() -> Message:
            nonlocal read, complete
            if complete:  # what comes now is the end of the connection
                return await receive()
            if compressed and scope["path"] not in self._inflating:
                raise HTTPException(415)
            check(declared)
            left = self._seconds + read / MINIMUM_RATE - (time.monotonic() - started)
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            read += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            check(read)
            return message

        await self._app(scope, counted, send)
