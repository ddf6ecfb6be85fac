"""Who is let in: the key is asked for before anything of a request is read.

The middleware finds the client and counts the request; what a route needs beyond that it says with
`allowed(scope)`. All is closed but what is listed here: a new route is not open by oversight.
"""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Annotated

import redis
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from models.errors import DragomanError, WrongSetting
from pipeline.requests import SummaryRequest
from service.errors import Forbidden, QueueUnavailable, Unauthorized
from service.front.problems import respond
from service.jobs.keys import ANYONE, Client, KeyStore, Scope
from service.jobs.quotas import Quotas, fields
from service.routes.docs import Asset
from service.settings import Settings

OPEN = frozenset({"/healthz", "/readyz", "/openapi.json", "/docs", *(one.path for one in Asset)})
"""What anybody may ask for: whether the service is well, and how it is used."""

DOORS = ("/libretranslate/",)
"""Paths below which an application of its own checks the key (`service.doors.access`)."""

BEARER = HTTPBearer(auto_error=False, description="A key of `dragoman keys create`.")
"""What OpenAPI says about keys; the middleware does the work."""


def keys_required(settings: Settings) -> bool:
    """Whether a front with these settings asks for keys."""
    if settings.require_keys is not None:
        return settings.require_keys
    try:
        return not ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        return settings.host != "localhost"


def check_that_somebody_can_call(keys: KeyStore) -> None:
    """WrongSetting where keys are asked for and nobody has one."""
    try:
        if keys.any_valid():
            return
    except redis.RedisError:
        return  # Nobody gets in without a key anyway; the first ones to call are told 503.
    raise WrongSetting(
        "The front would listen to others than this machine, and there are no API keys: make one "
        "with `dragoman keys create`, or set DRAGOMAN_REQUIRE_KEYS=false to serve anyone."
    )


class Guard:
    """ASGI middleware: nobody without a key goes on, and none more often than his key allows.

    With `keys` None everyone goes on, as the client `anyone`.
    """

    def __init__(self, app: ASGIApp, keys: KeyStore | None, quotas: Quotas) -> None:
        self._app = app
        self._keys = keys
        self._quotas = quotas

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Let one request pass, or answer it with 401, 429 or, where Redis is away, 503."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = ANYONE
        standing: Mapping[str, str] = {}
        if self._keys is not None and not _is_open(scope["path"]):
            try:
                client, standing = await run_in_threadpool(
                    self._let_in, self._keys, Headers(scope=scope).get("authorization", "")
                )
            except DragomanError as error:
                await respond(error)(scope, receive, send)
                return
            except redis.RedisError:
                await respond(QueueUnavailable())(scope, receive, send)
                return
        scope.setdefault("state", {})["client"] = client

        async def say_standing(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in standing.items():
                    headers.append(name, value)
            await send(message)

        await self._app(scope, receive, say_standing)

    def _let_in(self, keys: KeyStore, authorization: str) -> tuple[Client, Mapping[str, str]]:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized
        client = keys.client(key.strip())
        return client, fields(self._quotas.spend(client, "requests", 1))


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(DOORS)


def caller(request: Request) -> Client:
    """The client whose key let the request in."""
    client: Client = request.state.client
    return client


def require(client: Client, scope: Scope) -> None:
    """Forbidden where the client's key does not have the scope."""
    if scope not in client.scopes:
        raise Forbidden(f"Your API key does not have the scope `{scope}`.")


def require_for_summary(client: Client, summary: SummaryRequest) -> None:
    """Raise Forbidden unless the client may have the summary; in another language it is a translation."""
    require(client, Scope.SUMMARIZE)
    if summary.target != summary.source:
        require(client, Scope.TRANSLATE)


def allowed(scope: Scope) -> Callable[[Client], Client]:
    """A dependency: the client, if his key has the scope; Forbidden else."""

    def check(client: Annotated[Client, Depends(caller)]) -> Client:
        require(client, scope)
        return client

    return check


Caller = Annotated[Client, Depends(caller)]
Admin = Annotated[Client, Depends(allowed(Scope.ADMIN))]
