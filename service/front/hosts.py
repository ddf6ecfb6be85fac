"""Which host names the front answers for.

A web page can make its own name resolve to this machine (DNS rebinding), and then call a front that
requires no keys from its visitor's browser. Its requests carry that name as their `Host`.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import MisdirectedRequest
from service.front.problems import respond

LOCAL = frozenset({"", "localhost"})
"""Names that no page can take; so are IP addresses. A request without `Host` comes from no browser."""


class AllowedHosts:
    """ASGI middleware: answers requests for other hosts with 421."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        """Allow local names, IP addresses and `names`."""
        self._app = app
        self._names = LOCAL | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it with 421."""
        if scope["type"] == "http" and not self._allows(Headers(scope=scope).get("host", "")):
            await respond(MisdirectedRequest())(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allows(self, host: str) -> bool:
        name = host.lower().rsplit(":", 1)[0] if not host.endswith("]") else host
        return name in self._names or _is_address(name.strip("[]"))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
