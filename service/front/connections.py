"""Limits on connections: how many there may be, and how long a request may take to arrive.

uvicorn limits only the idle time between two requests of a connection.
"""

import asyncio
import logging
import resource
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from service.settings import Settings

FILES_PER_CONNECTION = 4
"""A connection that streams the results of a batch has its socket and three files open."""
OTHER_FILES = 32
"""File descriptors that the front needs besides."""
BACKLOG = 64
"""The most connections that asyncio accepts in one iteration of its loop, before it counts them."""

_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """The limits of a process: open files, connections, and connections accepted at once."""

    files: int
    connections: int
    backlog: int


def raise_limits(settings: Settings) -> ProcessLimits:
    """Raise the process's limit of open files as far as needed and allowed; return and log the limits.

    There are `max_connections` connections, or fewer where the operating system allows too few files.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.max_connections * FILES_PER_CONNECTION + OTHER_FILES + 4 * BACKLOG
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    # A connection is counted some iterations after it was accepted.
    backlog = min(BACKLOG, max(soft // 16, 1))
    possible = max((soft - OTHER_FILES - 4 * backlog) // FILES_PER_CONNECTION, 1)
    limits = ProcessLimits(soft, min(possible, settings.max_connections), backlog)
    log.log(
        logging.INFO if limits.connections == settings.max_connections else logging.WARNING,
        "Limits: %d open files, %d connections (DRAGOMAN_MAX_CONNECTIONS=%d)",
        limits.files,
        limits.connections,
        settings.max_connections,
    )
    return limits


def protocol(connections: int, request_seconds: float) -> type[H11Protocol]:
    """Return uvicorn's HTTP/1.1 protocol, limited to so many connections and seconds per request."""

    class LimitedProtocol(H11Protocol):
        """Closes a connection on which no request arrives in time, or that gives way to a new one."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.waiting_since = 0.0
            self._timer: asyncio.TimerHandle | None = None

        @property
        def waiting(self) -> bool:
            """Whether the header of a request is still to come."""
            return self.cycle is None or self.cycle.response_complete

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._start_timer()
            if len(self.connections) > connections:
                self._make_way()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if not self.waiting:
                self._stop_timer()
            elif self._timer is None:
                self._start_timer()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_timer()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            self.waiting_since = self.loop.time()
            super().on_response_complete()

        def _make_way(self) -> None:
            """Close the connection that has waited longest, which may be this one."""
            others = (one for one in self.connections if isinstance(one, LimitedProtocol))
            idle = [one for one in others if one.waiting and not one.transport.is_closing()]
            oldest = min(idle, key=lambda one: one.waiting_since)
            if oldest is self:
                self.transport.write(_REFUSAL)
            oldest.transport.close()

        def _start_timer(self) -> None:
            self.waiting_since = self.loop.time()
            self._timer = self.loop.call_later(request_seconds, self.transport.close)

        def _stop_timer(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return LimitedProtocol
