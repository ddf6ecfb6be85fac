"""Metrics for Prometheus: the requests of this front, and the state of the queues in Redis.

Counts of jobs are kept in Redis, so they are right for any number of fronts and workers.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.results import Quality
from service.batches.store import BatchStore
from service.jobs.job import Queue
from service.jobs.store import JobStore


class Metrics:
    """The metrics of the front."""

    def __init__(self, store: JobStore, batches: BatchStore) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_OnDemand(partial(_of_jobs, store)))
        self.registry.register(_OnDemand(partial(_of_batches, batches)))
        self.requests = Histogram(
            "dragoman_http_request_seconds",
            "Time to answer, by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )


class _OnDemand(Collector):
    """A collector that reads its values when Prometheus asks for them."""

    def __init__(self, read: Callable[[], Iterator[Metric]]) -> None:
        self._read = read

    def describe(self) -> Iterator[Metric]:
        """Return nothing: registering must read neither Redis nor the disk."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        return self._read()


def _of_jobs(store: JobStore) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "dragoman_jobs_waiting", "Messages waiting in a queue.", labels=["queue"]
    )
    for queue, count in store.waiting().items():
        waiting.add_metric([queue.value], count)
    yield waiting
    yield GaugeMetricFamily(
        "dragoman_jobs_unfinished", "Jobs queued or running.", store.unfinished()
    )
    silent = GaugeMetricFamily(
        "dragoman_queue_silent_seconds",
        "Time that messages have waited without a sign of a worker.",
        labels=["queue"],
    )
    for queue in Queue:
        silent.add_metric([queue.value], store.silence(queue))
    yield silent
    ended = CounterMetricFamily(
        "dragoman_jobs_finished", "Jobs that ended.", labels=["task", "state"]
    )
    for (task, state), count in store.finished().items():
        ended.add_metric([task, state], count)
    yield ended
    yield from _of_checks(store.checked())


def _of_batches(batches: BatchStore) -> Iterator[Metric]:
    backlog = batches.backlog()
    yield GaugeMetricFamily(
        "dragoman_batch_characters_left",
        "Characters of unfinished batches that are not done yet.",
        backlog.characters,
    )
    yield GaugeMetricFamily(
        "dragoman_batch_worker_seconds_left",
        "Time that one process of a batch worker would need for them; use it to scale workers.",
        backlog.worker_seconds,
    )
    yield GaugeMetricFamily(
        "dragoman_batches_damaged",
        "Batches whose file is damaged; the front's log names them.",
        backlog.damaged,
    )


def _of_checks(quality: Quality) -> Iterator[Metric]:
    """Sentences checked and their flags: a model that gets worse shows here."""
    sentences = CounterMetricFamily(
        "dragoman_sentences_checked", "Sentences, by whether they have no flag.", labels=["clean"]
    )
    sentences.add_metric(["yes"], quality.clean)
    sentences.add_metric(["no"], quality.sentences - quality.clean)
    yield sentences
    flags = CounterMetricFamily("dragoman_flags", "Flags on sentences.", labels=["code"])
    for code, count in quality.flags.items():
        flags.add_metric([code], count)
    yield flags
    repairs = CounterMetricFamily("dragoman_repairs", "Sentences repaired.", labels=["step"])
    for step, count in quality.repairs.items():
        repairs.add_metric([step], count)
    yield repairs


class RequestTimes:
    """ASGI middleware: measures how long requests take, by route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._requests = metrics.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Time one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def remember(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, remember)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            self._requests.labels(scope["method"], route, status).observe(
                time.perf_counter() - started
            )
