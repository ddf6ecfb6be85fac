"""Records that workers hold by a lease: what jobs, and whatever else is worked on, have in common.

A record is a hash in Redis; every change is one script (`service.jobs.scripts`), and so atomic. The record
is the truth, a message only a hint that there is work: one that comes twice, or too late, finds
nothing to do, and `reap` finds records that have none.

A worker holds a record by a lease with a fencing number (Kleppmann, "How to do distributed locking",
2016): each lease raises the number, and a write with an older one is refused. A worker renews its
lease while it works; a record whose lease has run out goes back to its queue, or fails when its
attempts are used up. Two kinds of sorted set say what is unfinished: `RUNNING`, by the end of the
lease, and one a queue, by the time of the last message. Every change is published on the record's
key, so that a waiting caller need not poll.
"""

import json
from dataclasses import dataclass
from typing import cast

import redis

from service.errors import LeaseLost, TooManyAttempts, problem
from service.jobs import scripts
from service.jobs.job import JobState, Queue, Ref
from service.settings import Settings

REAPER = "dragoman:reaper"
"""The lock of the one active reaper; its value is who that is."""
REAP_AT_ONCE = 100
"""Records that one `reap` looks at, so that Redis never stands still for long."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a record; `fence` grows with each lease of the same record."""

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


class Leases:
    """The scripts that move records.

    Every method raises `redis.ConnectionError` or another `redis.RedisError` where Redis is away or,
    on `create`, full; nothing is then half written.
    """

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self._settings = settings
        self._create = client.register_script(scripts.PRELUDE + scripts.CREATE)
        self._lease = client.register_script(scripts.LEASE)
        self._renew = client.register_script(scripts.RENEW)
        self._progress = client.register_script(scripts.PROGRESS)
        self._end = client.register_script(scripts.END)
        self._give_back = client.register_script(scripts.GIVE_BACK)
        self._holder_died = client.register_script(scripts.HOLDER_DIED)
        self._delete = client.register_script(scripts.DELETE)
        self._reap = client.register_script(scripts.REAP)
        # What `another_attempt` is told.
        self._attempts: tuple[int | str, ...] = (
            settings.max_attempts,
            json.dumps(problem(TooManyAttempts())),
            settings.retention_seconds,
        )

    def create(self, ref: Ref, task: str, queue: Queue, request: str) -> None:
        """Write a new record, queued. `task` names it in counts, `request` is what is to be done."""
        self._create(keys=[ref.key], args=[task, queue.value, request])

    def lease(self, ref: Ref, holder: str) -> Lease | None:
        """Take the record for `lease_seconds`; None where there is nothing to do (now).

        That is so when it has ended, was deleted, or is held: if its holder dies, the reaper sends
        another message. A record whose attempts are used up is failed here. `holder` is the process
        that will notice the death of the one that works.
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
        """Hold the record for `lease_seconds` from now; LeaseLost where it is held no more."""
        args = [lease.fence, self._settings.lease_seconds]
        if not self._renew(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def progress(self, lease: Lease, done: int, total: int) -> None:
        """Say how far the work is, and renew the lease; LeaseLost where it is held no more."""
        args = [lease.fence, self._settings.lease_seconds, done, total]
        if not self._progress(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def end(self, lease: Lease, state: JobState, field: str, value: str) -> None:
        """End the record, with a field that says how; LeaseLost where it is held no more."""
        args = [lease.fence, state.value, field, value, self._settings.retention_seconds]
        if not self._end(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def give_back(self, lease: Lease, error: str | None) -> bool:
        """Put the record back into its queue; whether it needs a message now.

        With an error the attempt counts, and a record whose attempts are used up fails with the
        error's text. LeaseLost where it is held no more.
        """
        args = [lease.fence, error or "", *self._attempts]
        (moved,) = self._give_back(keys=[lease.ref.key], args=args)
        if moved == "lost":
            raise LeaseLost
        return bool(moved == "queued")

    def holder_died(self, ref: Ref, holder: str, error: str) -> None:
        """Let the lease run out now, if that holder has it: what worked on the record is dead.

        The error is noted on the record, also where its lease has run out and it is queued again.
        """
        self._holder_died(keys=[ref.key], args=[holder, error])

    def delete(self, ref: Ref) -> bool:
        """Forget the record, in any state; whether there was one."""
        return bool(self._delete(keys=[ref.key], args=[self._settings.retention_seconds]))

    def reap(self, me: str) -> list[Orphan]:
        """Bring records that nobody works on back to their queues; each needs a message now.

        Those are records whose lease has run out, and queued ones with no message for
        `lease_seconds`. Only one reaper is active, whoever else asks: it holds a lock that it
        renews with each call, and that another gets when it has been silent for `lease_seconds`.
        """
        lease = self._settings.lease_seconds
        found = self._reap(
            keys=[REAPER, *(queue.key for queue in Queue)],
            args=[me, int(lease * 1000), lease, *self._attempts, REAP_AT_ONCE],
        )
        return [
            Orphan(Ref.of(key), Queue(queue)) for key, queue in cast(list[tuple[str, str]], found)
        ]
