"""The records of chunks in Redis, which workers lease like jobs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from celery import Celery

from service.batches.batch import Batch
from service.batches.store import batch_channel
from service.batches.webhooks import hand_over
from service.jobs.broker import broker_config, send
from service.jobs.job import JobState, Queue, RecordKind, Ref
from service.jobs.store import JobStore
from service.settings import Settings

PATTERN = Ref(RecordKind.CHUNK, "*").key
"""The pattern of the channels on which changes of chunks are published."""


def chunk_ref(batch_id: str, chunk: int) -> Ref:
    """Return the reference of a chunk's record."""
    return Ref(RecordKind.CHUNK, f"{batch_id}-{chunk}")


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a chunk: the outcomes of its items, or the problem that ended it as a whole."""

    outcomes: list[dict[str, Any]] | None
    error: dict[str, Any] | None
    seconds: float


class ChunkRecords:
    """The records of chunks. All methods raise `redis.RedisError`, or OperationalError of kombu."""

    def __init__(self, store: JobStore, settings: Settings) -> None:
        self._store = store
        self._client = store.client
        self._leases = store.leases
        self._celery = Celery("dragoman", set_as_current=False)
        self._celery.conf.update(broker_config(settings), task_publish_retry=False)

    def states(self, refs: Sequence[Ref]) -> list[JobState | None]:
        """Return the state of each chunk; None where there is no record."""
        pipeline = self._client.pipeline(transaction=False)
        for ref in refs:
            pipeline.hget(ref.key, "state")
        return [JobState(state) if state else None for state in pipeline.execute()]

    def put(self, ref: Ref, request: str) -> None:
        """Queue a chunk for the batch workers: first its record, then its message."""
        self._leases.create(ref, RecordKind.CHUNK.value, Queue.BATCH, request)
        send(self._celery, ref, Queue.BATCH)

    def ended(self, ref: Ref) -> Ended | None:
        """Return the end of a chunk; None where its record is gone."""
        record = cast(dict[str, str], self._client.hgetall(ref.key))
        if "finished_at" not in record:
            return None
        began = record.get("started_at", record["finished_at"])
        return Ended(
            json.loads(record["result"])["outcomes"] if "result" in record else None,
            json.loads(record["error"]) if "error" in record else None,
            float(record["finished_at"]) - float(began),
        )

    def drop(self, ref: Ref) -> None:
        """Delete the record; a worker on it stops after its engine batch."""
        self._leases.delete(ref)

    def announce(self, batch_id: str) -> None:
        """Publish that the batch has changed."""
        self._client.publish(batch_channel(batch_id), "changed")

    def hand_over(self, client: str, batch: Batch, callback: str, seconds: int) -> None:
        """Give the webhook of a batch that has ended to the courier."""
        hand_over(self._store, client, batch, callback, seconds)

    def close(self) -> None:
        """Close the connections to the broker."""
        self._celery.close()
