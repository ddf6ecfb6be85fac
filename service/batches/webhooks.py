"""The webhook of a batch: what the courier delivers when the batch has ended."""

import json
import time
from typing import Any, cast

import httpx

from service.batches.batch import Batch
from service.jobs.job import CallbackState, RecordKind, Ref
from service.jobs.scripts import WEBHOOKS
from service.jobs.store import JobStore
from service.jobs.views import CallbackStatus


def webhook_ref(batch_id: str) -> Ref:
    """Return the reference of the record with a batch's webhook, which exists once the batch has ended."""
    return Ref(RecordKind.BATCH, batch_id)


def hand_over(store: JobStore, client: str, batch: Batch, callback: str, seconds: int) -> None:
    """Give the message about a batch that has ended to the courier; nothing if it has it already.

    `callback` is a `Callback` as JSON; the record is kept for so many seconds.
    """
    assert batch.finished_at is not None
    key = webhook_ref(batch.id).key
    record: dict[str, str | float] = {
        "client": client,
        "callback": callback,
        "callback_host": httpx.URL(json.loads(callback)["url"]).host,
        "callback_state": CallbackState.WAITING.value,
        "state": batch.state.value,
        "counts": batch.counts.model_dump_json(),
        "finished_at": batch.finished_at.timestamp(),
    }
    if store.client.exists(key):
        return
    pipeline = store.client.pipeline()
    pipeline.hset(key, mapping=cast(Any, record))
    pipeline.expire(key, seconds)
    pipeline.zadd(WEBHOOKS, {key: time.time()}, nx=True)
    pipeline.publish(WEBHOOKS, key)
    pipeline.execute()


def status(store: JobStore, batch_id: str, callback: str) -> CallbackStatus:
    """Return the state of a batch's webhook."""
    key = webhook_ref(batch_id).key
    record = cast(dict[str, str], store.client.hgetall(key))
    return store.callback_status(
        key, {"callback": callback, "callback_state": CallbackState.WAITING, **record}
    )
