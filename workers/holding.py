"""Holds a lease during work, and returns the record to its queue if the work is interrupted."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from service.errors import LeaseLost
from service.jobs.broker import send
from service.jobs.leases import Lease, Leases
from service.logs import log_context
from service.settings import get_settings
from workers.app import app, stop
from workers.heartbeat import Heartbeat, Stopping

log = logging.getLogger(__name__)


@contextmanager
def holding(lease: Lease, leases: Leases) -> Iterator[Heartbeat]:
    """Hold the lease while the `with` lasts; yield what to report progress to.

    The body ends the record. Where it cannot, because the worker is stopping or because Redis or the
    operating system failed, the record returns to its queue at once, in the second case with the error.
    If the lease is lost, the body ends quietly: another worker has the record, or it was deleted.
    """
    settings = get_settings()
    heartbeat = Heartbeat(lease, leases, stop)
    with log_context(lease.ref.id):
        try:
            with heartbeat.beating(settings.lease_seconds, settings.stall_seconds):
                try:
                    yield heartbeat
                except Stopping:
                    log.info("The record returns to its queue: the worker is stopping")
                    _give_back(lease, leases, None)
                except (redis.RedisError, OSError, MemoryError, ImportError) as error:
                    log.exception("The record returns to its queue")
                    _give_back(lease, leases, f"{type(error).__name__}: {error}")
        except LeaseLost:
            log.info("The lease was lost: the work is stopped")


def _give_back(lease: Lease, leases: Leases, error: str | None) -> None:
    if leases.give_back(lease, error):
        send(app, lease.ref, lease.queue)
