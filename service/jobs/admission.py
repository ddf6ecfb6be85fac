"""Admission: whether a request becomes a job, decided and written by one script.

An identical request returns the job that it got before. A client that is over its quota or has too many
unfinished jobs gets a 429; a queue with too much work gets a 503 that says when to retry. Work is
measured in characters and each queue has its own limit, so a full batch queue refuses no editor. Since it
is one script, twenty identical requests at the same time become one job.
"""

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import httpx

from pipeline.documents.formats import count_characters
from pipeline.requests import Knowledge
from service.errors import KeyReused, QueueFull, QuotaExceeded
from service.jobs.job import Queue, Ref, Task
from service.jobs.keys import Client
from service.jobs.quotas import Window, arguments, counted, exceeded, windows_of
from service.jobs.requests import QueuedRequest
from service.jobs.scripts import load
from service.settings import Settings

if TYPE_CHECKING:
    import redis

_LONGEST_WAIT = 3600
"""The longest `Retry-After`: the load of more than an hour ahead is unknown."""
_UNMEASURED_WAIT = 60
"""`Retry-After` before the pace of the queue was measured."""
_IN_FLIGHT_WAIT = 5
"""`Retry-After` for a client with too many unfinished jobs: about the time of one article."""


def _sorted_json(request: QueuedRequest, exclude: set[str]) -> str:
    """What the request asks for, by field: the order and the other fields depend on what was known for it."""
    fields = request.model_dump(mode="json", exclude_defaults=True, exclude=exclude)
    return json.dumps(fields, sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """A checked request of a client for a job."""

    client: Client
    task: Task
    queue: Queue
    request: str
    """As JSON, for the worker."""
    asked: str
    """The same without what the translation memory and glossaries know of it."""
    callback: str | None
    """As JSON: the webhook."""
    callback_host: str | None
    characters: int
    idempotency_key: str | None

    @classmethod
    def of(
        cls,
        client: Client,
        task: Task,
        request: QueuedRequest,
        *,
        characters: int | None = None,
        idempotency_key: str | None = None,
    ) -> Self:
        """Submit a checked request; `characters` are all of its texts if not given."""
        callback = request.callback
        return cls(
            client=client,
            task=task,
            queue=request.priority,
            request=request.model_dump_json(exclude_none=True, exclude={"callback"}),
            asked=_sorted_json(request, exclude={"callback", *Knowledge.model_fields}),
            callback=callback.model_dump_json(exclude_none=True) if callback else None,
            callback_host=httpx.URL(callback.url).host if callback else None,
            characters=count_characters(request) if characters is None else characters,
            idempotency_key=idempotency_key,
        )

    @property
    def fingerprint(self) -> str:
        """A digest that is equal for identical requests.

        The memory may learn and a glossary change between a request and its retry with the same key.
        Without a key, the same text with another memory or glossary is another request, so that a
        correction is used at once.
        """
        request = self.request if self.idempotency_key is None else self.asked
        parts = (self.task.value, self.queue.value, request, self.callback or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Admitted:
    """The job of a request: a new one, or the one of an identical request before."""

    job: Ref
    is_new: bool
    standing: list[Window]
    """The client's quotas, if the job is new."""


class Admission:
    """Admits requests to the queues. Raises `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self._settings = settings
        self._admit = client.register_script(load("admit"))

    def admit(self, job: Ref, submission: Submission) -> Admitted:
        """Write the record of a new job, queued, or find the job of an identical request.

        Raises KeyReused, QuotaExceeded, PayloadTooLarge (over a quota by itself) or QueueFull.
        """
        windows = windows_of(submission.client, "characters")
        most = self._most(submission.queue)
        by_content = submission.idempotency_key is None
        settings = self._settings
        reply = self._admit(
            keys=[job.key, _same_key(submission), *(window.key for window in windows)],
            args=[
                submission.task.value,
                submission.queue.value,
                submission.request,
                submission.callback or "",
                submission.callback_host or "",
                submission.client.name,
                submission.characters,
                submission.client.limits.in_flight or 0,
                most,
                submission.fingerprint,
                settings.duplicate_seconds if by_content else settings.idempotency_seconds,
                int(by_content),
                settings.retention_seconds + settings.job_seconds,
                *arguments(windows, submission.characters),
            ],
        )
        match reply:
            case ["new", _, used]:
                return Admitted(job, True, counted(windows, used))
            case ["before", key]:
                return Admitted(Ref.of(key), False, [])
            case ["reused"]:
                raise KeyReused
            case ["in flight", count]:
                raise _too_many(submission.client, count)
            case ["short", which, used]:
                raise exceeded(counted(windows, used)[which - 1], submission.characters)
            case ["full", load, characters, seconds]:
                over = load + submission.characters - most
                raise _full(submission.queue, load, over, float(characters), float(seconds))
        raise AssertionError(reply)

    def _most(self, queue: Queue) -> int:
        if queue is Queue.BATCH:
            return self._settings.queued_batch_characters
        return self._settings.queued_characters


def _same_key(submission: Submission) -> str:
    """Return the key under which an identical request finds its job."""
    name = f"content {submission.fingerprint}"
    if submission.idempotency_key is not None:
        name = f"key {submission.idempotency_key}"
    return (
        f"dragoman:same:{hashlib.sha256(f'{submission.client.name} {name}'.encode()).hexdigest()}"
    )


def _too_many(client: Client, count: int) -> QuotaExceeded:
    most = client.limits.in_flight
    return QuotaExceeded(
        f"Your key allows {most} jobs at a time; {count} are queued or running.",
        retry_after=_IN_FLIGHT_WAIT,
        fields={
            "RateLimit-Policy": f'"in-flight";q={most};qu="concurrent-requests"',
            "RateLimit": '"in-flight";r=0',
        },
        window="in-flight",
    )


def _full(queue: Queue, load: int, over: int, characters: float, seconds: float) -> QueueFull:
    """Return the error: `over` characters must be done first; the last `characters` took `seconds`."""
    wait = _UNMEASURED_WAIT
    if characters > 0:
        wait = min(math.ceil(over * seconds / characters), _LONGEST_WAIT)
    return QueueFull(
        f"{load:,} characters are in the queue `{queue.value}`, which is full. Try again later.",
        retry_after=max(wait, 1),
    )
