"""Working on a leased record: what becomes of it when the work does not come to its end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from pipeline.decode import Progress
from service.errors import LeaseLost
from service.jobs.broker import send
from service.jobs.leases import Lease, Leases
from service.logs import about
from service.settings import get_settings
from workers.app import app, stop
from workers.heartbeat import Heartbeat, Stopping

log = logging.getLogger(__name__)


@contextmanager
def holding(lease: Lease, leases: Leases) -> Iterator[Progress]:
    """Keep the lease while the `with` lasts; the work calls what it gets with its progress.

    The body ends the record. Where it cannot, for its worker is being stopped, or Redis or the
    operating system failed, the record goes back to its queue at once, in the second case with the
    error. A lease that was lost ends the body quietly: the record is another's now, or gone.
    """
    settings = get_settings()
    heartbeat = Heartbeat(lease, leases, stop)
    with about(lease.ref.id):
        try:
            with heartbeat.beating(settings.lease_seconds, settings.stall_seconds):
                try:
                    yield heartbeat.progress
                except Stopping:
                    log.info("Goes back to its queue: the worker stops")
                    _give_back(lease, leases, None)
                except (redis.RedisError, OSError, MemoryError, ImportError) as error:
                    log.exception("Goes back to its queue")
                    _give_back(lease, leases, f"{type(error).__name__}: {error}")
        except LeaseLost:
            log.info("Is no longer ours: stopped")


def _give_back(lease: Lease, leases: Leases, error: str | None) -> None:
    if leases.give_back(lease, error):
        send(app, lease.ref, lease.queue)
