"""The checks of a worker's parent process, once per second in its event loop.

- Records that nobody works on are queued again. Every parent asks for them; one at a time is the reaper.
- Redis's append-only file is rewritten after deletions.
- A child died: the record that it worked on is free at once.
- The consumer is stuck: where messages wait and this idle worker receives none, or where its event loop
  hangs, the worker exits, and its supervisor restarts it.

All this runs in the only thread of the parent: another one could hold a lock at the moment of a fork.
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
from service.jobs.job import RecordKind, Ref
from service.jobs.store import JobStore
from service.settings import get_settings

EVERY_SECONDS = 1.0
"""The interval of the checks."""

_KINDS = {kind.task_name: kind for kind in RecordKind}

log = logging.getLogger(__name__)


class WorkerMonitor(bootsteps.StartStopStep):  # type: ignore[misc]
    """The step of Celery's consumer that runs the checks while there is a connection to Redis."""

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
        """Begin when the connection to Redis is established."""
        self._idle_since = time.monotonic()
        self._timer = consumer.timer.call_repeatedly(EVERY_SECONDS, self._check)

    def stop(self, consumer: Any) -> None:
        """Pause when the connection is lost."""
        del consumer
        self._away = True
        if self._timer is not None:
            self._timer.cancel()
        faulthandler.cancel_dump_traceback_later()

    def _check(self) -> None:
        # A thread of the interpreter, without locks, ends the process if the event loop hangs.
        faulthandler.dump_traceback_later(self._settings.stuck_seconds, exit=True)
        # Celery notices the end of a child at once, but reports it up to five seconds later.
        self._pool.maintain_pool()
        try:
            self._check_consumer()
            if self._away:
                # Redis is back: every holder of a lease gets its length to renew it.
                self._away = False
                self._reap_from = time.monotonic() + self._settings.lease_seconds
            if time.monotonic() >= self._reap_from:
                self._reap()
        except (redis.RedisError, OperationalError) as error:
            if not self._away:
                log.warning("The checks are paused: %s", error)
            self._away = True

    def _reap(self) -> None:
        reaped = self._store.leases.reap(self._name)
        for key in reaped.damaged:
            log.error("The record %s is damaged and is skipped", key)
        for orphan in reaped.orphans:
            log.warning("Nobody works on %s: it gets another message", orphan.ref.key)
            send(self._celery, orphan.ref, orphan.queue)
        self._store.rewrite_journal()

    def _check_consumer(self) -> None:
        if not any(map(self._store.client.llen, self._queues)) or state.reserved_requests:
            self._idle_since = time.monotonic()
        elif time.monotonic() - self._idle_since > self._settings.stuck_seconds:
            log.critical("Messages wait, but this worker receives none: it exits")
            raise WorkerShutdown(EX_FAILURE)

    def _child_failed(self, *, sender: Any, task_id: str, exception: Any, **_: Any) -> None:
        """Record the death of a child (a signal of Celery)."""
        kind = _KINDS.get(sender.name)
        if kind is None or not isinstance(exception, WorkerLostError | TimeLimitExceeded):
            return
        error = f"{type(exception).__name__}: {exception}"
        try:
            self._store.leases.holder_died(Ref(kind, task_id), self._name, error)
        except redis.RedisError as away:
            # Its lease expires by itself.
            log.warning("The death of a child was not recorded: %s", away)
