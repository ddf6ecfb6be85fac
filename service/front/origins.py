"""Which web pages may change something: those of this front, and those that the operator allows.

A page of another origin can make its visitor's browser post to a front on the visitor's machine, or with
the cookie of the desk. It cannot read the answer, but what it asked for would be done.
"""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import CrossOrigin
from service.front.problems import respond

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOrigin:
    """ASGI middleware: answers requests with 403 by which a page of another origin would change something.

    A request with an API key is no browser's own doing, and passes.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        """Allow this front's own pages, and those of the `allowed` origins."""
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            headers = Headers(scope=scope)
            if "authorization" not in headers and not self._is_own(headers):
                await respond(CrossOrigin())(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin in self._allowed:
            return True
        # Browsers send it where a connection is secure, also through a proxy that changes the host.
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        # What is no browser sends neither. The scheme may be another one behind a proxy.
        return origin is None or origin.partition("://")[2] == headers.get("host", "")
