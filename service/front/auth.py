"""API keys of requests: checked before anything else of a request is read.

The middleware finds the client and counts the request; a route names the scope it needs with
`allowed(scope)`. Every path needs a key except those listed here, so no new route is open by oversight.
"""

import ipaddress
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

import redis
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from models.errors import DragomanError, WrongSetting
from service.desk.sessions import COOKIE, Sessions
from service.errors import QueueUnavailable
from service.front.problems import respond
from service.jobs.keys import ANYONE, Client, KeyStore
from service.jobs.quotas import Quotas, fields
from service.jobs.scopes import Scope
from service.routes.docs import Asset
from service.settings import Settings

OPEN = frozenset(
    {"/", "/desk", "/healthz", "/readyz", "/openapi.json", "/docs", *(one.path for one in Asset)}
)
"""Paths that need no key: whether the service works, and how it is used."""

DESK = "/desk/"
"""The path of the desk's files, which contain no data, and of its sign-in, which checks the key itself."""

DOORS = ("/deepl/", "/libretranslate/")
"""Paths below which an application of its own checks the key (`service.doors.access`)."""

BEARER = HTTPBearer(auto_error=False, description="A key of `dragoman keys create`.")
"""Describes keys in OpenAPI; the middleware checks them."""


def keys_required(settings: Settings) -> bool:
    """Return whether a front with these settings requires API keys."""
    if settings.require_keys is not None:
        return settings.require_keys
    try:
        return not ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        return settings.host != "localhost"


def check_that_keys_exist(keys: KeyStore) -> None:
    """Raise WrongSetting where keys are required and there is none."""
    try:
        if keys.any_valid():
            return
    except redis.RedisError:
        return  # Requests are answered with 503 until Redis is back.
    raise WrongSetting(
        "The front would listen to other machines, and there are no API keys. Create one with "
        "`dragoman keys create`, or set DRAGOMAN_REQUIRE_KEYS=false to serve anyone."
    )


class Guard:
    """ASGI middleware: finds the client of each request by its API key, or by its session of the desk.

    It counts the request.

    With `keys` None every request is of the client `anyone`.
    """

    def __init__(
        self, app: ASGIApp, keys: KeyStore | None, sessions: Sessions | None, quotas: Quotas
    ) -> None:
        self._app = app
        self._keys = keys
        self._sessions = sessions
        self._quotas = quotas

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it with 401, 429 or, where Redis is away, 503."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = ANYONE
        quota_fields: Mapping[str, str] = {}
        check_key: Callable[[], object] = _no_check
        if self._keys is not None and not _is_open(scope["path"]):
            find = self._finder(self._keys, HTTPConnection(scope))
            check_key = find
            try:
                client, quota_fields = await run_in_threadpool(self._admit, find)
            except DragomanError as error:
                await respond(error)(scope, receive, send)
                return
            except redis.RedisError:
                await respond(QueueUnavailable())(scope, receive, send)
                return
        state = scope.setdefault("state", {})
        state["client"], state["check_key"] = client, check_key

        async def add_quotas(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in quota_fields.items():
                    headers.append(name, value)
            await send(message)

        await self._app(scope, receive, add_quotas)

    def _finder(self, keys: KeyStore, request: HTTPConnection) -> Callable[[], Client]:
        """Return what finds the client: by the key, or by the session of the desk where there is no key."""
        token = request.cookies.get(COOKIE)
        if self._sessions is not None and token and "authorization" not in request.headers:
            return partial(self._sessions.client, token)
        return partial(keys.client, _bearer_key(request.headers.get("authorization", "")))

    def _admit(self, find: Callable[[], Client]) -> tuple[Client, Mapping[str, str]]:
        client = find()
        return client, fields(self._quotas.spend(client, "requests", 1))


def _bearer_key(authorization: str) -> str:
    """Return the key of an `Authorization` field; an empty one, which is invalid, if it has none."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _no_check() -> None:
    """Check nothing: the request needed no key."""


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith((DESK, *DOORS))


def caller(request: Request) -> Client:
    """Return the client of the request."""
    client: Client = request.state.client
    return client


def key_check(request: Request) -> Callable[[], object]:
    """Return a function that raises Unauthorized once the key of the request is revoked."""
    check: Callable[[], object] = request.state.check_key
    return check


def allowed(scope: Scope) -> Callable[[Client], Client]:
    """Return a dependency that gives the client, or raises Forbidden if its key lacks the scope."""

    def check(client: Annotated[Client, Depends(caller)]) -> Client:
        client.require(scope)
        return client

    return check


Caller = Annotated[Client, Depends(caller)]
KeyCheck = Annotated[Callable[[], object], Depends(key_check)]
Admin = Annotated[Client, Depends(allowed(Scope.ADMIN))]
