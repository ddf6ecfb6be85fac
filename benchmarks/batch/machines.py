"""Many machines, pretended: workers that take chunks as real ones do, and sleep instead of translating."""

import argparse
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.batch.client import await_end, await_first, send
from benchmarks.batch.texts import sentences
from benchmarks.rig import Rig, rig
from service.jobs.job import JobState, Queue, RecordKind, Ref
from service.jobs.store import JobStore
from service.settings import Settings

SMALL = 2000
"""Characters of a chunk where many workers sleep: a batch has to have enough of them."""


def machines(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Machines with two workers each, that sleep; the last rows' do not, and show the ceiling."""
    texts = sentences(arguments.source, arguments.large)
    seconds = arguments.chunk_seconds
    pretended = [
        (2 * count, seconds, SMALL, int(2 * count * 10 / seconds)) for count in arguments.machines
    ]  # ten seconds of work
    full = Settings().chunk_characters
    ceilings = [(8, 0.0, size, sum(map(len, texts)) // size) for size in (SMALL, full)]
    return [_pretend(texts, *plan) for plan in pretended + ceilings]


def _pretend(
    texts: Sequence[str], count: int, seconds: float, size: int, chunks: int
) -> dict[str, Any]:
    """So many workers, seconds a chunk, characters in it, chunks."""
    mean = sum(map(len, texts)) / len(texts)
    items = min(len(texts), max(200, int(chunks * size / mean)))
    with (
        rig(DRAGOMAN_CHUNK_CHARACTERS=str(size)) as one,
        pretend_workers(one, count, seconds) as done,
    ):
        batch = send(one, texts[:items])
        await_first(one, batch)
        before, started = len(done), time.perf_counter()
        used = one.processor_seconds()
        await_end(one, batch)
        took = time.perf_counter() - started
        spent = {name: now - used[name] for name, now in one.processor_seconds().items()}
    more = len(done) - before
    return {
        "workers": count,
        "seconds_a_chunk": seconds,
        "characters_a_chunk": size,
        "chunks_a_second": more / took,
        "busy": more / took * seconds / count,
        "waited_worst": max(done),
        **{f"{name}_ms_a_chunk": 1000 * used / more for name, used in spent.items()},
    }


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
            ref = Ref(RecordKind.CHUNK, json.loads(found[1])["headers"]["id"])
            lease = store.leases.lease(ref, "pretended")
            if lease is None:
                continue
            waited = time.perf_counter() - idle_since
            store.leases.progress(lease, 0, 1)
            time.sleep(seconds)
            outcome = {"result": {"text": "x" * 5 * 120}}  # what comes back has five times the size
            outcomes = [outcome for _ in json.loads(lease.request)["items"]]
            store.leases.finish(
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
