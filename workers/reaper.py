"""What the parent process of a worker looks after, once a second, in its event loop.

- Records that nobody works on get a message again: every parent asks, one at a time is the reaper.
- A child that died while it worked on a record: the record is free at once.
- A consumer that is stuck: where messages wait, and this worker does nothing and gets none, or where
  its event loop does not come round, the worker ends, for its supervisor to start it anew.

All is in the one thread of the parent: a second one could hold a lock in the moment of a fork.
"""

import faulthandler
import logging
import time
from typing import Any

import redis
from celery import bootsteps
from celery.exceptions import TimeLimitExceeded, WorkerLostError, WorkerShutdown
from celery.platforms import EX_FAILURE
from celery.signals import task_failure
from celery.worker import state
from kombu.exceptions import OperationalError

from service.jobs.broker import send
from service.jobs.job import Kind, Ref
from service.jobs.store import JobStore
from service.settings import get_settings

EVERY_SECONDS = 1.0
"""How often it looks."""

_KINDS = {kind.task_name: kind for kind in Kind}

log = logging.getLogger(__name__)


class Caretaker(bootsteps.StartStopStep):  # type: ignore[misc]
    """The step of the worker's consumer that does this; it stops with each loss of the connection."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._settings = get_settings()
        self._store = JobStore.connect(self._settings, patience=0)
        self._name: str = consumer.hostname
        self._celery = consumer.app
        self._pool = consumer.pool
        self._queues: list[str] = list(consumer.app.amqp.queues.consume_from)
        self._timer: Any = None
        self._away = False
        self._reap_from = 0.0
        self._idle_since = 0.0
        task_failure.connect(self._child_failed, weak=False)

    def start(self, consumer: Any) -> None:
        """Begin, when the connection to Redis stands."""
        self._idle_since = time.monotonic()
        self._timer = consumer.timer.call_repeatedly(EVERY_SECONDS, self._look)

    def stop(self, consumer: Any) -> None:
        """Pause: the connection is lost."""
        del consumer
        self._away = True
        if self._timer is not None:
            self._timer.cancel()
        faulthandler.cancel_dump_traceback_later()

    def _look(self) -> None:
        # A thread of the interpreter's own, with no lock of ours, that ends a loop which hangs.
        faulthandler.dump_traceback_later(self._settings.stuck_seconds, exit=True)
        # Celery would notice the end of a child at once, and say so up to five seconds later.
        self._pool.maintain_pool()
        try:
            self._watch_consumer()
            if self._away:
                # Redis is back: whoever holds a lease gets its length to renew it.
                self._away = False
                self._reap_from = time.monotonic() + self._settings.lease_seconds
            if time.monotonic() >= self._reap_from:
                self._reap()
        except (redis.RedisError, OperationalError) as error:
            if not self._away:
                log.warning("Not looked after: %s", error)
            self._away = True

    def _reap(self) -> None:
        reaped = self._store.leases.reap(self._name)
        for key in reaped.damaged:
            log.error("The record %s is damaged and is skipped", key)
        for orphan in reaped.orphans:
            log.warning("Nobody works on %s: it gets another message", orphan.ref.key)
            send(self._celery, orphan.ref, orphan.queue)
        self._store.rewrite_journal()

    def _watch_consumer(self) -> None:
        if not any(map(self._store.client.llen, self._queues)) or state.reserved_requests:
            self._idle_since = time.monotonic()
        elif time.monotonic() - self._idle_since > self._settings.stuck_seconds:
            log.critical("Messages wait, and this worker gets none: it ends")
            raise WorkerShutdown(EX_FAILURE)

    def _child_failed(self, *, sender: Any, task_id: str, exception: Any, **_: Any) -> None:
        """Celery's signal; of interest where the parent sends it, for a child that is dead."""
        kind = _KINDS.get(sender.name)
        if kind is None or not isinstance(exception, WorkerLostError | TimeLimitExceeded):
            return
        error = f"{type(exception).__name__}: {exception}"
        try:
            self._store.leases.holder_died(Ref(kind, task_id), self._name, error)
        except redis.RedisError as away:
            # Its lease runs out by itself.
            log.warning("A child's death was not noted: %s", away)
