"""What a request may weigh."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: a body over the limit is a 413, whether it says its length or not.

    A compressed one is a 415, but at the addresses that have a limit of their own and inflate it
    themselves: nobody else looks at how much it becomes.

    Starlette's own limit answers in plain text, past the handlers of exceptions; this one raises
    where the body is read, so that the answer is a problem like every other.
    """

    def __init__(self, app: ASGIApp, most: int, paths: Mapping[str, int]) -> None:
        """`most` is in bytes; `paths` are those that have a limit of their own."""
        self._app = app
        self._most = most
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._paths.get(scope["path"], self._most)
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        declared = int(length) if length.isdecimal() else 0
        compressed = headers.get("content-encoding", "identity").strip().lower() != "identity"
        read = 0

        def check(size: int) -> None:
            if size > most:
                raise HTTPException(413, f"A body here may have {most} bytes: send it in parts.")

        async def counted() -> Message:
            nonlocal read
            if compressed and scope["path"] not in self._paths:
                raise HTTPException(415)
            check(declared)
            message = await receive()
            read += len(message.get("body", b""))
            check(read)
            return message

        await self._app(scope, counted, send)
