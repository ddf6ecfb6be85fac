"""Keeping a lease while the work gets on, and stopping the work when it is to stop."""

import contextvars
import logging
import mmap
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from models.errors import DragomanError
from service.errors import LeaseLost
from service.jobs.leases import Lease, Leases

STALLED = 70
"""The exit code of a process whose work got stuck (EX_SOFTWARE of sysexits.h)."""

log = logging.getLogger(__name__)


class Stopping(DragomanError):
    """The worker is being stopped: what it works on goes back to the queue."""


class StopFlag:
    """A flag that the parent process raises and its children see: one byte of shared memory.

    No lock, so that it can be raised in a signal handler.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1)

    def set(self) -> None:
        """Raise it, for good."""
        self._memory[0] = 1

    def is_set(self) -> bool:
        """Whether it is raised."""
        return self._memory[0] == 1


class Heartbeat:
    """Renews a lease three times in its length, from a thread, while the work gets on.

    Each `progress` says that it does. When none came for `stall_seconds`, the process is stuck in
    native code or in a lock, where nothing in it can be stopped: it gives the record back, and ends.
    """

    def __init__(self, lease: Lease, leases: Leases, stop: StopFlag) -> None:
        self._lease = lease
        self._leases = leases
        self._stop = stop
        self._advanced = time.monotonic()

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; raises LeaseLost or Stopping where it is to end here."""
        if self._stop.is_set():
            raise Stopping
        self._leases.progress(self._lease, done, total)
        self._advanced = time.monotonic()

    @contextmanager
    def beating(self, lease_seconds: float, stall_seconds: float) -> Iterator[None]:
        """Beat while the `with` lasts."""
        over = threading.Event()
        here = contextvars.copy_context()
        thread = threading.Thread(
            target=here.run,
            args=(self._beat, over, lease_seconds / 3, stall_seconds),
            daemon=True,
        )
        thread.start()
        try:
            yield
        finally:
            over.set()

    def _beat(self, over: threading.Event, every: float, stall_seconds: float) -> None:
        while not over.wait(every):
            silent = time.monotonic() - self._advanced
            try:
                if silent > stall_seconds:
                    self._give_up(silent)
                self._leases.renew(self._lease)
            except LeaseLost:
                return  # the work learns it at its next progress
            except redis.RedisError as error:
                log.warning("The lease was not renewed: %s", error)

    def _give_up(self, silent: float) -> None:
        error = f"No progress for {silent:.0f} s."
        log.critical("%s The process ends.", error)
        try:
            self._leases.give_back(self._lease, error)
        finally:
            os._exit(STALLED)
