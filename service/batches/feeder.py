"""Keeps the workers busy: puts chunks of batches into the queue and writes their outcomes to disk.

Of the fronts that share a folder of batches one feeds, whichever takes the lock first. All its state is
on disk and in Redis: when it is killed, another front continues.
"""

import asyncio
import fcntl
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from typing import IO

import redis.asyncio
from fastapi.concurrency import run_in_threadpool
from kombu.exceptions import OperationalError
from redis import RedisError

from service.batches.file import BatchFile, Head
from service.batches.records import PATTERN, ChunkRecords, chunk_ref
from service.batches.store import WAKE, BatchStore
from service.errors import BatchDamaged, BatchNotFound
from service.jobs.job import JobState
from service.jobs.store import JobStore
from service.settings import Settings

RETRY_SECONDS = 1.0
"""How long to wait after Redis or the disk failed."""

log = logging.getLogger(__name__)


class InFlight:
    """The unfinished batches, and how many chunks each batch and each client has in the queue."""

    def __init__(self) -> None:
        self.batches: dict[str, Head] = {}
        self.waiting = 0
        """Chunks that no worker has taken yet."""
        self._by_client: Counter[str] = Counter()
        self._by_batch: Counter[str] = Counter()

    def add(self, batch_id: str, *, waits: bool) -> None:
        """Count one chunk of the batch, which waits for a worker or is being worked on."""
        self._by_client[self.batches[batch_id].client] += 1
        self._by_batch[batch_id] += 1
        self.waiting += waits

    def turn(self, batch_id: str) -> tuple[int, int, float]:
        """Return the order of a batch: first the client, then the batch with the fewest chunks."""
        head = self.batches[batch_id]
        return self._by_client[head.client], self._by_batch[batch_id], head.created_at


class Feeder:
    """Moves chunks, one `step` at a time.

    A step opens each unfinished batch in turn and closes it again, so that file descriptors do not
    limit the number of batches.
    """

    def __init__(self, batches: BatchStore, records: ChunkRecords, settings: Settings) -> None:
        self._batches = batches
        self._records = records
        self._settings = settings
        self._finished: dict[str, float] = {}
        """When each batch finished of which no chunk is left in the queue."""
        self._sent: dict[str, list[int]] = {}
        """The chunks that each batch had in the queue at its last step."""
        self._failing: set[str] = set()
        """Batches whose last step failed; that was logged once."""

    def step(self) -> None:
        """Write what has ended to disk, and send chunks until enough of them wait."""
        in_flight = InFlight()
        batch_ids = self._batches.ids()
        for batch_id in batch_ids:
            if batch_id not in self._finished:
                with self._isolated(batch_id), closing(self._batches.open(batch_id)) as file:
                    self._collect(batch_id, file, in_flight)
        self._fill(in_flight)
        self._clean_up(set(batch_ids))

    @contextmanager
    def _isolated(self, batch_id: str) -> Iterator[None]:
        """Keep an error of one batch from stopping the others; errors of Redis concern all."""
        try:
            yield
        except (RedisError, OperationalError):
            raise
        except BatchNotFound:
            pass  # deleted meanwhile
        except Exception as error:
            if batch_id not in self._failing:
                self._failing.add(batch_id)
                known = isinstance(error, BatchDamaged | sqlite3.Error | OSError)
                log.error("Batch %s is skipped: %s", batch_id, error, exc_info=not known)
        else:
            self._failing.discard(batch_id)

    def _collect(self, batch_id: str, file: BatchFile, in_flight: InFlight) -> None:
        """Look at the chunks that the batch has in the queue, and keep those that have ended."""
        head = file.head()
        self._sent[batch_id] = sent = file.sent()
        if head.finished_at is not None:
            for chunk in sent:
                self._records.drop(chunk_ref(batch_id, chunk))
                file.forget(chunk)
            self._hand_over(file, head)
            self._finished[batch_id] = head.finished_at
            return
        in_flight.batches[batch_id] = head
        states = self._records.states([chunk_ref(batch_id, chunk) for chunk in sent])
        for chunk, state in zip(sent, states, strict=True):
            if state is None:
                # Never written, or lost with Redis: in both cases none of its outcomes was kept.
                self._put(batch_id, file, chunk, in_flight)
            elif state.finished:
                self._keep(batch_id, file, chunk)
            else:
                in_flight.add(batch_id, waits=state is JobState.QUEUED)
        self._hand_over(file, head)

    def _hand_over(self, file: BatchFile, head: Head) -> None:
        """Give the webhook of a batch that has just ended to the courier."""
        callback = file.callback()
        if callback is not None and file.awaits_hand_over():
            seconds = self._settings.retention_seconds
            self._records.hand_over(head.client, file.view(seconds), callback, seconds)
            file.mark_handed_over()

    def _keep(self, batch_id: str, file: BatchFile, chunk: int) -> None:
        """Write the outcomes of a chunk to disk, then remove its record from Redis."""
        ref = chunk_ref(batch_id, chunk)
        ended = self._records.ended(ref)
        if ended is None:
            return
        if ended.outcomes is not None:
            file.commit(chunk, ended.outcomes, ended.seconds)
        elif not file.split(chunk):
            file.commit(chunk, [{"error": ended.error}], ended.seconds)
        self._records.drop(ref)
        self._records.announce(batch_id)

    def _fill(self, in_flight: InFlight) -> None:
        """Send chunks until `chunks_waiting` wait, each of the client that has the fewest."""
        pending = set(in_flight.batches)
        while pending and in_flight.waiting < self._settings.chunks_waiting:
            batch_id = min(pending, key=in_flight.turn)
            sent = False
            with self._isolated(batch_id), closing(self._batches.open(batch_id)) as file:
                sent = self._send_next(batch_id, file, in_flight)
            if not sent:
                pending.remove(batch_id)

    def _send_next(self, batch_id: str, file: BatchFile, in_flight: InFlight) -> bool:
        chunk = file.take()
        if chunk is None:
            return False
        self._put(batch_id, file, chunk, in_flight)
        self._sent[batch_id].append(chunk)
        self._records.announce(batch_id)
        return True

    def _put(self, batch_id: str, file: BatchFile, chunk: int, in_flight: InFlight) -> None:
        self._records.put(chunk_ref(batch_id, chunk), file.requests(chunk))
        in_flight.add(batch_id, waits=True)

    def _clean_up(self, there: set[str]) -> None:
        """Remove batches after their retention, and what deleted batches have left in Redis."""
        for batch_id in self._sent.keys() - there:
            for chunk in self._sent.pop(batch_id):
                self._records.drop(chunk_ref(batch_id, chunk))
        expired = time.time() - self._settings.retention_seconds
        for batch_id, finished_at in list(self._finished.items()):
            if finished_at < expired:
                self._batches.remove(batch_id)
            if finished_at < expired or batch_id not in there:
                del self._finished[batch_id]
        self._failing &= there
        self._batches.sweep()


@asynccontextmanager
async def feeding(
    batches: BatchStore, store: JobStore, channels: "redis.asyncio.Redis", settings: Settings
) -> AsyncIterator[None]:
    """Feed while the `with` lasts; raise StorageUnavailable where the folder cannot be written."""
    with ExitStack() as cleanup:
        records = ChunkRecords(store, settings)
        cleanup.callback(records.close)
        feeder = Feeder(batches, records, settings)
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
    """Take a step whenever something has changed, once this process has the lock, until cancelled."""
    while not _acquire(lock):
        await asyncio.sleep(keepalive_seconds)
    while True:
        try:
            async with channels.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.psubscribe(PATTERN)
                await channel.subscribe(WAKE)
                while True:
                    await run_in_threadpool(feeder.step)
                    message = await channel.get_message(timeout=keepalive_seconds)
                    while message is not None:  # one step answers all messages so far
                        message = await channel.get_message(timeout=0)
        except (RedisError, OperationalError, OSError) as error:
            log.warning("Batches wait: %s", error)
        except Exception:  # a bug: it is logged, and the batches are tried again
            log.exception("Batches wait")
        await asyncio.sleep(RETRY_SECONDS)


def _acquire(lock: IO[str]) -> bool:
    """Try to lock the file; the kernel releases the lock the moment that its holder dies."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
