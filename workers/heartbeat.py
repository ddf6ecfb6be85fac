"""Renews a lease while the work makes progress, and stops the work on request."""

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
from pipeline.results import TranslatedPart
from service.errors import LeaseLost
from service.jobs.leases import Lease, Leases

STALLED = 70
"""The exit code of a process whose work is stuck (EX_SOFTWARE of sysexits.h)."""

log = logging.getLogger(__name__)


class Stopping(DragomanError):
    """The worker is stopping: its record returns to the queue."""


class StopFlag:
    """A flag that the parent process sets and its children read: one byte of shared memory.

    It has no lock, so that it can be set in a signal handler.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1)

    def set(self) -> None:
        """Set the flag, which cannot be cleared."""
        self._memory[0] = 1

    def is_set(self) -> bool:
        """Return whether the flag is set."""
        return self._memory[0] == 1


class Heartbeat:
    """Renews a lease three times per its length, from a thread, while the work makes progress.

    Without a call of `progress` for `stall_seconds` the process is stuck in native code or in a lock,
    where it cannot be interrupted: the heartbeat returns the record to its queue and ends the process.
    """

    def __init__(self, lease: Lease, leases: Leases, stop: StopFlag) -> None:
        self._lease = lease
        self._leases = leases
        self._stop = stop
        self._advanced = time.monotonic()

    def progress(self, done: int, total: int) -> None:
        """Record the progress; raise LeaseLost or Stopping where the work must end."""
        if self._stop.is_set():
            raise Stopping
        self._leases.progress(self._lease, done, total)
        self._advanced = time.monotonic()

    def publish(self, part: TranslatedPart) -> None:
        """Publish a part of the result; raise LeaseLost where the work must end."""
        self._leases.publish(self._lease, part.model_dump_json(exclude_none=True))

    @contextmanager
    def beating(self, lease_seconds: float, stall_seconds: float) -> Iterator[None]:
        """Renew the lease while the `with` lasts."""
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
                return  # the work ends at its next progress
            except redis.RedisError as error:
                log.warning("The lease was not renewed: %s", error)

    def _give_up(self, silent: float) -> None:
        error = f"No progress for {silent:.0f} s."
        log.critical("%s The process ends.", error)
        try:
            self._leases.give_back(self._lease, error)
        finally:
            os._exit(STALLED)
