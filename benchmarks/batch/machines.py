"""Many machines, pretended: workers that take chunks as real ones do, and sleep instead of translating."""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.batch.client import await_end, await_first, send
from benchmarks.batch.texts import sentences
from benchmarks.rig import Rig, rig
from service.jobs import JobState, Kind, Queue, Ref
from service.settings import Settings
from service.store import JobStore


def machines(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Machines with two workers each, that sleep; the last row's do not, and show the ceiling."""
    texts = sentences(arguments.source, arguments.large)
    characters = sum(map(len, texts)) / len(texts)
    rows = []
    plans = [(2 * count, arguments.chunk_seconds) for count in arguments.machines] + [(8, 0.0)]
    for count, seconds in plans:
        with rig(DRAGOMAN_CHUNK_CHARACTERS="2000") as one:
            # For ten seconds of work; small chunks, so that a batch has enough of them.
            chunks = int(count * 10 / seconds) if seconds else len(texts)
            items = min(len(texts), max(200, int(chunks * 2000 / characters)))
            with pretend_workers(one, count, seconds) as done:
                batch = send(one, texts[:items])
                await_first(one, batch)
                before, started = len(done), time.perf_counter()
                await_end(one, batch)
                took = time.perf_counter() - started
            rate = (len(done) - before) / took
            rows.append(
                {
                    "workers": count,
                    "seconds_a_chunk": seconds,
                    "chunks_a_second": rate,
                    "busy": rate * seconds / count,
                    "waited_worst": max(done),
                }
            )
    return rows


@contextmanager
def pretend_workers(one: Rig, count: int, seconds: float) -> Iterator[list[float]]:
    """Threads that take chunks from the queue as workers do, and sleep instead of translating.

    Gives the list that grows by a chunk's wait for a worker each time one is done.
    """
    settings = Settings(redis_url=one.environment["DRAGOMAN_REDIS_URL"])
    store, done, over = JobStore.connect(settings), list[float](), threading.Event()

    def work() -> None:
        idle_since = time.perf_counter()
        while not over.is_set():
            found = store.client.brpop([Queue.BATCH.key], timeout=1)
            if found is None:
                continue
            ref = Ref(Kind.CHUNK, json.loads(found[1])["headers"]["id"])
            lease = store.leases.lease(ref, "pretended")
            if lease is None:
                continue
            waited = time.perf_counter() - idle_since
            store.leases.progress(lease, 0, 1)
            time.sleep(seconds)
            outcome = {"result": {"text": "x" * 5 * 120}}  # what comes back has five times the size
            outcomes = [outcome for _ in json.loads(lease.request)["items"]]
            store.leases.end(
                lease, JobState.SUCCEEDED, "result", json.dumps({"outcomes": outcomes})
            )
            idle_since = time.perf_counter()
            done.append(waited)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        over.set()
        for thread in threads:
            thread.join()
