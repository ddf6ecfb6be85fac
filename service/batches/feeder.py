"""Keeps the workers fed: chunks of batches into the queue, their outcomes to the disk.

One front on a folder of batches feeds, whichever takes the lock first; the others serve. All that it
knows is on disk and in Redis: one that is killed is followed by another, which goes on.
"""

import asyncio
import fcntl
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from typing import IO

import redis.asyncio
from fastapi.concurrency import run_in_threadpool
from kombu.exceptions import OperationalError
from redis import RedisError

from service.batches.file import BatchFile, Head
from service.batches.records import PATTERN, ChunkRecords, chunk_ref
from service.batches.store import WAKE, BatchStore
from service.jobs.job import JobState
from service.jobs.store import JobStore
from service.settings import Settings

RETRY_SECONDS = 1.0
"""How long to wait before trying again what Redis or the disk refused."""

log = logging.getLogger(__name__)


class Feeder:
    """Moves chunks, one `step` at a time; each looks at everything that is under way."""

    def __init__(self, batches: BatchStore, records: ChunkRecords, settings: Settings) -> None:
        self._batches = batches
        self._records = records
        self._settings = settings
        self._open: dict[str, BatchFile] = {}
        self._over: dict[str, float] = {}

    def step(self) -> None:
        """Keep what has ended, and fill up what waits."""
        self._look_around()
        heads = {batch_id: file.head() for batch_id, file in self._open.items()}
        flying = Flying(heads)
        sent = [(batch_id, chunk) for batch_id, file in self._open.items() for chunk in file.sent()]
        states = self._records.states([chunk_ref(*one) for one in sent])
        for (batch_id, chunk), state in zip(sent, states, strict=True):
            if heads[batch_id].state.finished:
                self._records.drop(chunk_ref(batch_id, chunk))
                self._open[batch_id].forget(chunk)
            elif state is None:
                # Never written, or lost with Redis: in either case nothing of it was kept.
                self._put(batch_id, chunk)
                flying.add(batch_id, waits=True)
            elif state.finished:
                self._keep(batch_id, chunk)
            else:
                flying.add(batch_id, waits=state is JobState.QUEUED)
        self._fill(flying)

    def _look_around(self) -> None:
        """Open what is new, close what is over, remove what has been kept long enough."""
        for batch_id in self._batches.ids():
            if batch_id not in self._open and batch_id not in self._over:
                self._open[batch_id] = self._batches.open(batch_id)
        for batch_id, file in list(self._open.items()):
            finished_at = file.head().finished_at
            if finished_at is not None and not file.sent():
                self._over[batch_id] = finished_at
                self._open.pop(batch_id).close()
        expired = time.time() - self._settings.retention_seconds
        for batch_id, finished_at in list(self._over.items()):
            if finished_at < expired:
                self._batches.remove(batch_id)
                del self._over[batch_id]
        self._batches.sweep()

    def _keep(self, batch_id: str, chunk: int) -> None:
        """Write what a chunk gave to the disk, and take it out of Redis then."""
        file, ref = self._open[batch_id], chunk_ref(batch_id, chunk)
        ended = self._records.ended(ref)
        if ended is None:
            return
        if ended.outcomes is not None:
            file.commit(chunk, ended.outcomes, ended.seconds)
        elif not file.split(chunk):
            file.commit(chunk, [{"error": ended.error}], ended.seconds)
        self._records.drop(ref)
        self._records.announce(batch_id)

    def _fill(self, flying: "Flying") -> None:
        """Send chunks until `chunks_waiting` wait, each time for whoever has the fewest out."""
        hungry = set(self._open)
        while hungry and flying.waiting < self._settings.chunks_waiting:
            batch_id = min(hungry, key=flying.turn)
            chunk = self._open[batch_id].take()
            if chunk is None:
                hungry.remove(batch_id)
                continue
            self._put(batch_id, chunk)
            flying.add(batch_id, waits=True)
            self._records.announce(batch_id)

    def _put(self, batch_id: str, chunk: int) -> None:
        self._records.put(chunk_ref(batch_id, chunk), self._open[batch_id].requests(chunk))

    def close(self) -> None:
        """Close what is open."""
        for file in self._open.values():
            file.close()


class Flying:
    """The chunks that are out: how many wait, and how many each client and each batch has."""

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self._heads = heads
        self._by_client: Counter[str] = Counter()
        self._by_batch: Counter[str] = Counter()
        self.waiting = 0

    def add(self, batch_id: str, *, waits: bool) -> None:
        """One more is out; it waits for a worker, or runs."""
        self._by_client[self._heads[batch_id].client] += 1
        self._by_batch[batch_id] += 1
        self.waiting += waits

    def turn(self, batch_id: str) -> tuple[int, int, float]:
        """The least goes first: the client with the fewest, his batch with the fewest, the oldest."""
        head = self._heads[batch_id]
        return self._by_client[head.client], self._by_batch[batch_id], head.created_at


@asynccontextmanager
async def feeding(
    batches: BatchStore, store: JobStore, channels: "redis.asyncio.Redis", settings: Settings
) -> AsyncIterator[None]:
    """Feed while the `with` lasts; StorageUnavailable where the folder cannot be written."""
    with ExitStack() as cleanup:
        records = ChunkRecords(store, settings)
        cleanup.callback(records.close)
        feeder = Feeder(batches, records, settings)
        cleanup.callback(feeder.close)
        lock = cleanup.enter_context(batches.lock_file())
        task = asyncio.create_task(_feed(feeder, lock, channels, settings.keepalive_seconds))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def _feed(
    feeder: Feeder, lock: IO[str], channels: "redis.asyncio.Redis", keepalive_seconds: float
) -> None:
    """Step whenever something has changed, once the lock is ours, until cancelled."""
    while not _is_ours(lock):
        await asyncio.sleep(keepalive_seconds)
    while True:
        try:
            async with channels.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.psubscribe(PATTERN)
                await channel.subscribe(WAKE)
                while True:
                    await run_in_threadpool(feeder.step)
                    message = await channel.get_message(timeout=keepalive_seconds)
                    while message is not None:  # one step answers all that came meanwhile
                        message = await channel.get_message(timeout=0)
        except (RedisError, OperationalError, sqlite3.OperationalError, OSError) as error:
            log.warning("Batches wait: %s", error)
        except Exception:  # a bug of ours: it is told, and what waits is not given up for it
            log.exception("Batches wait")
        await asyncio.sleep(RETRY_SECONDS)


def _is_ours(lock: IO[str]) -> bool:
    """Whether we hold the lock, now. It is the kernel's: free the moment that its holder is dead."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
