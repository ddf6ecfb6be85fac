"""The front as a process: uvicorn on an address, or on a socket that was bound before."""

import asyncio
import socket

import uvicorn

from service.front.app import create_app
from service.front.auth import check_that_somebody_can_call, keys_required
from service.jobs.keys import KeyStore
from service.jobs.store import JobStore
from service.settings import Settings


def serve(settings: Settings, listener: socket.socket | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, on the listener if given, else on the settings' address."""
    if listener is not None:
        settings = settings.model_copy(update={"host": listener.getsockname()[0]})
    if keys_required(settings):
        check_that_somebody_can_call(KeyStore(JobStore.connect(settings).client))
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        # Its lines go where all others go.
        log_config=None,
        # An open event stream must not hold the shutdown up.
        timeout_graceful_shutdown=5,
    )
    sockets = None if listener is None else [listener]
    asyncio.run(uvicorn.Server(config).serve(sockets=sockets))
