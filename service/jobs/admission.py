"""Whether a job is let in: one script decides, and writes the record if it is.

A request that came before gets the job that it got then. A client over his quota, or with too many
jobs in flight, is told so (429); a queue with too much work says when to come back (503). Work is
weighed in characters, and each queue has a limit of its own, so that an archive that fills the one
refuses no editor. Being one script, twenty requests at once are one job, and nobody slips in between
the question and the answer.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.errors import KeyReused, QueueFull, QuotaExceeded
from service.jobs.job import Queue, Ref, Task
from service.jobs.keys import Client
from service.jobs.pace import IN_FLIGHT, LOAD, PACE
from service.jobs.quotas import SPEND, Window, arguments, counted, exceeded, windows_of
from service.jobs.scripts import CREATE, PRELUDE
from service.settings import Settings

if TYPE_CHECKING:
    import redis

_LONGEST_WAIT = 3600
"""What `Retry-After` says at most: nobody knows the load of more than an hour ahead."""
_UNMEASURED_WAIT = 60
"""What it says before anything was done whose pace could be measured."""
_IN_FLIGHT_WAIT = 5
"""What it says to a client with too many jobs at a time: about what an article takes."""

_ADMIT = (
    PRELUDE
    + SPEND
    + f"""
local task, queue, request, callback = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local client, characters, in_flight_most, load_most =
  ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local fingerprint, kept_seconds, by_content = ARGV[9], tonumber(ARGV[10]), ARGV[11] == '1'

local before = redis.call('HMGET', KEYS[2], 'fingerprint', 'key')
if before[1] then
  local state = redis.call('HGET', before[2], 'state')
  -- A key is free again when its job was deleted; the same text is tried anew when it failed.
  if state and not (by_content and (state == 'failed' or state == 'cancelled')) then
    if before[1] ~= fingerprint then return {{'reused'}} end
    return {{'before', before[2]}}
  end
end

local in_flight = tonumber(redis.call('HGET', '{IN_FLIGHT}', client) or 0)
if in_flight_most > 0 and in_flight >= in_flight_most then return {{'in flight', in_flight}} end

local load = tonumber(redis.call('HGET', '{LOAD}', queue) or 0)
if load > 0 and load + characters > load_most then
  local pace = redis.call('HMGET', '{PACE}', queue .. ':characters', queue .. ':seconds')
  return {{'full', load, pace[1] or '0', pace[2] or '0'}}
end

local short, used = spend(3, 12)
if short > 0 then return {{'short', short, used}} end

{CREATE}
weigh_on(key, queue, client, characters)
if callback ~= '' then
  redis.call('HSET', key, 'callback', callback, 'callback_state', 'waiting')
end
if kept_seconds > 0 then
  redis.call('HSET', KEYS[2], 'fingerprint', fingerprint, 'key', key)
  redis.call('EXPIRE', KEYS[2], kept_seconds)
end
return {{'new', key, used}}
"""
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A checked request of a client, as it is to become a job."""

    client: Client
    task: Task
    queue: Queue
    request: str
    """As JSON: what the worker reads."""
    callback: str | None
    """As JSON: who is to be told of the end."""
    characters: int
    idempotency_key: str | None

    @property
    def fingerprint(self) -> str:
        """The same for two requests that ask for the same."""
        parts = (self.task.value, self.queue.value, self.request, self.callback or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Admitted:
    """The job that a request gets: a new one, or the one that it got before."""

    job: Ref
    is_new: bool
    standing: list[Window]
    """How the client's quotas stand, where they were spent."""


class Admission:
    """The door to the queues. Raises `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self._settings = settings
        self._admit = client.register_script(_ADMIT)

    def admit(self, job: Ref, wish: Wish) -> Admitted:
        """Write the job's record, queued, or find the one that the same request made before.

        Raises KeyReused, QuotaExceeded, PayloadTooLarge (over a quota by itself) or QueueFull.
        """
        windows = windows_of(wish.client, "characters")
        most = self._most(wish.queue)
        by_content = wish.idempotency_key is None
        settings = self._settings
        reply = self._admit(
            keys=[job.key, _same_key(wish), *(window.key for window in windows)],
            args=[
                wish.task.value,
                wish.queue.value,
                wish.request,
                wish.callback or "",
                wish.client.name,
                wish.characters,
                wish.client.limits.in_flight or 0,
                most,
                wish.fingerprint,
                settings.duplicate_seconds if by_content else settings.idempotency_seconds,
                int(by_content),
                *arguments(windows, wish.characters),
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
                raise _too_many(wish.client, count)
            case ["short", which, used]:
                raise exceeded(counted(windows, used)[which - 1], wish.characters)
            case ["full", load, characters, seconds]:
                over = load + wish.characters - most
                raise _full(wish.queue, load, over, float(characters), float(seconds))
        raise AssertionError(reply)

    def _most(self, queue: Queue) -> int:
        if queue is Queue.BATCH:
            return self._settings.queued_batch_characters
        return self._settings.queued_characters


def _same_key(wish: Wish) -> str:
    """The key under which the same request finds its job: by its idempotency key, or its content."""
    name = f"content {wish.fingerprint}"
    if wish.idempotency_key is not None:
        name = f"key {wish.idempotency_key}"
    return f"dragoman:same:{hashlib.sha256(f'{wish.client.name} {name}'.encode()).hexdigest()}"


def _too_many(client: Client, count: int) -> QuotaExceeded:
    most = client.limits.in_flight
    return QuotaExceeded(
        f"Your key allows {most} jobs at a time; {count} are queued or running.",
        retry_after=_IN_FLIGHT_WAIT,
        fields={
            "RateLimit-Policy": f'"in-flight";q={most};qu="concurrent-requests"',
            "RateLimit": '"in-flight";r=0',
        },
    )


def _full(queue: Queue, load: int, over: int, characters: float, seconds: float) -> QueueFull:
    """`over` characters must be done first; `characters` took `seconds`."""
    wait = _UNMEASURED_WAIT
    if characters > 0:
        wait = min(math.ceil(over * seconds / characters), _LONGEST_WAIT)
    return QueueFull(
        f"{load:,} characters are in the queue `{queue.value}`: it takes no more for now.",
        retry_after=max(wait, 1),
    )
