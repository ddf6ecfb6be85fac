"""Leases on records: what jobs and chunks of batches have in common.

A record is a hash in Redis, and every change of it is one atomic script (`service.jobs.scripts`). The
record is the truth, a message only a hint that there is work: a message that comes twice or too late
finds nothing to do, and `Leases.reap` finds records that have no message.

A worker holds a record by a lease with a fencing number (Kleppmann, "How to do distributed locking",
2016): each lease raises the number, and a write with an older one is refused. A worker renews its lease
while it works. A record whose lease has expired returns to its queue, or fails after its last attempt.
Every change is published on the record's key, so that a waiting caller need not poll.
"""

import json
from dataclasses import dataclass
from typing import cast

import redis

from service.errors import LeaseLost, TooManyAttempts, problem
from service.jobs.job import JobState, Queue, Ref
from service.jobs.scripts import load
from service.settings import Settings

REAPER = "dragoman:reaper"
"""The lock of the active reaper; its value is the reaper's name."""
REAP_LIMIT = 100
"""The most records that one `reap` looks at, so that it does not block Redis for long."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a record. `fence` grows with each lease of the same record."""

    ref: Ref
    fence: int
    queue: Queue
    task: str
    request: str


@dataclass(frozen=True, slots=True)
class Orphan:
    """An unfinished record that nobody works on and that has no message."""

    ref: Ref
    queue: Queue


@dataclass(frozen=True, slots=True)
class Reaped:
    """The records that need a message now, and the keys of those that could not be read."""

    orphans: list[Orphan]
    damaged: list[str]


class Leases:
    """Creates, leases and ends records.

    Every method raises `redis.ConnectionError` or another `redis.RedisError` where Redis is away or, in
    `create`, full; nothing is then half written.
    """

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self._settings = settings
        self._create = client.register_script(load("create"))
        self._lease = client.register_script(load("lease"))
        self._renew = client.register_script(load("renew"))
        self._progress = client.register_script(load("progress"))
        self._publish = client.register_script(load("publish"))
        self._finish = client.register_script(load("finish"))
        self._give_back = client.register_script(load("give_back"))
        self._holder_died = client.register_script(load("holder_died"))
        self._delete = client.register_script(load("delete"))
        self._reap = client.register_script(load("reap"))
        # The last arguments of the scripts that may begin another attempt.
        self._attempts: tuple[int | str, ...] = (
            settings.max_attempts,
            json.dumps(problem(TooManyAttempts())),
            settings.retention_seconds,
        )

    def create(self, ref: Ref, task: str, queue: Queue, request: str) -> bool:
        """Write a new record, queued; return False, and change nothing, where there is one.

        `task` names it in counts; `request` is what a worker reads.
        """
        return bool(self._create(keys=[ref.key], args=[task, queue.value, request]))

    def lease(self, ref: Ref, holder: str) -> Lease | None:
        """Lease the record for `lease_seconds`; return None where there is nothing to do now.

        That is so when the record has ended, was deleted, or is held by another worker. A record whose
        attempts are used up is failed here. `holder` is the process that notices when the worker dies.
        """
        reply = self._lease(
            keys=[ref.key],
            args=[self._settings.lease_seconds, holder, *self._attempts],
        )
        match reply:
            case ["leased", fence, queue, task, request]:
                return Lease(ref, int(fence), Queue(queue), task, request)
        return None

    def renew(self, lease: Lease) -> None:
        """Extend the lease to `lease_seconds` from now; raise LeaseLost if it is no longer held."""
        args = [lease.fence, self._settings.lease_seconds]
        if not self._renew(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def progress(self, lease: Lease, done: int, total: int) -> None:
        """Record the progress and renew the lease; raise LeaseLost if it is no longer held."""
        args = [lease.fence, self._settings.lease_seconds, done, total]
        if not self._progress(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def publish(self, lease: Lease, part: str) -> None:
        """Add a part of the result, to be read until the record ends; raise LeaseLost as above."""
        if not self._publish(keys=[lease.ref.key], args=[lease.fence, part]):
            raise LeaseLost

    def finish(self, lease: Lease, state: JobState, field: str, value: str) -> None:
        """End the record, with its outcome in a field; raise LeaseLost if it is no longer held."""
        args = [lease.fence, state.value, field, value, self._settings.retention_seconds]
        if not self._finish(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def give_back(self, lease: Lease, error: str | None) -> bool:
        """Return the record to its queue; return whether it needs a message now.

        With an error the attempt counts, and a record whose attempts are used up fails with the text of
        the error. Raises LeaseLost if the record is no longer held.
        """
        args = [lease.fence, error or "", *self._attempts]
        (outcome,) = self._give_back(keys=[lease.ref.key], args=args)
        if outcome == "lost":
            raise LeaseLost
        return bool(outcome == "queued")

    def holder_died(self, ref: Ref, holder: str, error: str) -> None:
        """End the lease if this holder has it, since the process that worked on the record is dead.

        The error is written on the record, also where its lease has expired and it is queued again.
        """
        self._holder_died(keys=[ref.key], args=[holder, error])

    def delete(self, ref: Ref) -> bool:
        """Delete the record in any state; return whether there was one."""
        return bool(self._delete(keys=[ref.key], args=[self._settings.retention_seconds]))

    def reap(self, me: str) -> Reaped:
        """Queue the records again that nobody works on.

        Those are records whose lease has expired, and queued ones that have had no message for
        `lease_seconds`. Only one reaper is active at a time: it holds a lock that it renews with each
        call, and that another gets when it has been silent for `lease_seconds`.
        """
        lease = self._settings.lease_seconds
        orphans, damaged = self._reap(
            keys=[REAPER, *(queue.key for queue in Queue)],
            args=[me, int(lease * 1000), lease, *self._attempts, REAP_LIMIT],
        )
        return Reaped(
            [
                Orphan(Ref.of(key), Queue(queue))
                for key, queue in cast(list[tuple[str, str]], orphans)
            ],
            damaged,
        )
