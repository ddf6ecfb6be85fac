"""The front as a process: uvicorn on an address, or on a socket that is bound already."""

import asyncio
import socket

import uvicorn

from service.front.app import create_app
from service.front.auth import check_that_keys_exist, keys_required
from service.front.connections import protocol, raise_limits
from service.jobs.keys import KeyStore
from service.jobs.store import JobStore
from service.settings import Settings


def serve(settings: Settings, listener: socket.socket | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, on the listener if given, else on the address of the settings."""
    if listener is not None:
        settings = settings.model_copy(update={"host": listener.getsockname()[0]})
    if keys_required(settings):
        check_that_keys_exist(KeyStore(JobStore.connect(settings).client))
    limits = raise_limits(settings)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=protocol(limits.connections, settings.request_seconds),
        backlog=limits.backlog,
        # Its log goes where all others go.
        log_config=None,
        # An open event stream must not delay the shutdown.
        timeout_graceful_shutdown=5,
    )
    sockets = None if listener is None else [listener]
    asyncio.run(uvicorn.Server(config).serve(sockets=sockets))
