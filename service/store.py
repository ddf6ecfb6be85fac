"""The records of jobs in Redis: one hash a job, every change atomic and on Redis's own clock.

A worker holds a job by a lease with a fencing number (Kleppmann, "How to do distributed locking",
2016): each lease raises the number, and a write with an older one is refused. Every change is
published on the job's channel, so that a waiting caller need not poll.
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import redis

from models.errors import DragomanError
from service.errors import JobNotFound, LeaseLost, TooManyAttempts, problem
from service.jobs import Job, JobState, Progress, Queue, Task
from service.settings import Settings

FINISHED = "dragoman:finished"
"""A hash that counts ended jobs, by `task:state`."""
ALIVE = "dragoman:alive"
"""A hash: when a worker last took, advanced or ended a job, by queue."""

_NOW = "local t = redis.call('TIME'); local now = t[1] + t[2] / 1e6\n"

_CREATE = (
    _NOW
    + """
redis.call('HSET', KEYS[1], 'task', ARGV[1], 'queue', ARGV[2], 'request', ARGV[3], 'state', 'queued',
  'created_at', string.format('%.6f', now), 'done', 0, 'total', 0, 'attempts', 0, 'fence', 0)
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""
)

# A hash without a state is a job that was deleted: every script checks it first.
_LEASE = (
    _NOW
    + """
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return {'gone'} end
if state == 'running' then
  local left = tonumber(redis.call('HGET', KEYS[1], 'lease_until')) - now
  if left > 0 then return {'busy', string.format('%.3f', left)} end
elseif state ~= 'queued' then
  return {'ended'}
end
if tonumber(redis.call('HGET', KEYS[1], 'attempts')) >= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'state', 'failed', 'error', ARGV[3],
    'finished_at', string.format('%.6f', now))
  redis.call('HINCRBY', KEYS[2], redis.call('HGET', KEYS[1], 'task') .. ':failed', 1)
  redis.call('PUBLISH', KEYS[1], 'failed')
  return {'exhausted'}
end
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HSETNX', KEYS[1], 'started_at', string.format('%.6f', now))
redis.call('HSET', KEYS[1], 'state', 'running', 'lease_until', string.format('%.6f', now + ARGV[1]))
redis.call('HSET', KEYS[3], redis.call('HGET', KEYS[1], 'queue'), string.format('%.6f', now))
redis.call('PUBLISH', KEYS[1], 'running')
return {'leased', tostring(redis.call('HINCRBY', KEYS[1], 'fence', 1)),
  redis.call('HGET', KEYS[1], 'task'), redis.call('HGET', KEYS[1], 'request')}
"""
)

_HELD = (
    _NOW
    + """
local held = redis.call('HMGET', KEYS[1], 'state', 'fence')
if held[1] ~= 'running' or held[2] ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[3], redis.call('HGET', KEYS[1], 'queue'), string.format('%.6f', now))
"""
)

_PROGRESS = (
    _HELD
    + """
redis.call('HSET', KEYS[1], 'done', ARGV[2], 'total', ARGV[3],
  'lease_until', string.format('%.6f', now + ARGV[4]))
redis.call('PUBLISH', KEYS[1], 'running')
return 1
"""
)

_FINISH = (
    _HELD
    + """
redis.call('HSET', KEYS[1], 'state', ARGV[2], ARGV[3], ARGV[4],
  'finished_at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('HINCRBY', KEYS[2], redis.call('HGET', KEYS[1], 'task') .. ':' .. ARGV[2], 1)
redis.call('PUBLISH', KEYS[1], ARGV[2])
return 1
"""
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job; `fence` grows with each lease of the same job."""

    job_id: str
    fence: int
    task: Task
    request: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Another worker holds the job for `seconds` more."""

    seconds: float


def job_key(job_id: str) -> str:
    """The key of the job's hash, which is also the channel of its changes."""
    return f"dragoman:job:{job_id}"


class JobStore:
    """The records of jobs.

    Every method raises `redis.ConnectionError` or another `redis.RedisError` where Redis is away or
    full; nothing is then half written.
    """

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self.client = client
        self._settings = settings
        self._create = client.register_script(_CREATE)
        self._lease = client.register_script(_LEASE)
        self._progress = client.register_script(_PROGRESS)
        self._finish = client.register_script(_FINISH)

    @classmethod
    def connect(cls, settings: Settings) -> "JobStore":
        """A store on the settings' Redis; nothing is sent yet."""
        client = redis.Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            socket_connect_timeout=3,
            socket_timeout=10,
            health_check_interval=30,
        )
        return cls(client, settings)

    def create(self, job_id: str, task: Task, queue: Queue, request: str) -> None:
        """Write the record of a new job, queued; `request` is its JSON."""
        self._create(
            keys=[job_key(job_id)],
            args=[task.value, queue.value, request, self._settings.retention_seconds],
        )

    def get(self, job_id: str) -> Job:
        """The job as it stands; JobNotFound where there is none."""
        record = cast(dict[str, str], self.client.hgetall(job_key(job_id)))
        if not record:
            raise JobNotFound
        return Job(
            id=job_id,
            task=Task(record["task"]),
            state=JobState(record["state"]),
            progress=Progress(done=int(record["done"]), total=int(record["total"])),
            created_at=_time(record["created_at"]),
            started_at=_time(record["started_at"]) if "started_at" in record else None,
            finished_at=_time(record["finished_at"]) if "finished_at" in record else None,
            attempts=int(record["attempts"]),
            result=json.loads(record["result"]) if "result" in record else None,
            error=json.loads(record["error"]) if "error" in record else None,
        )

    def delete(self, job_id: str) -> None:
        """Forget the job, text and result; a worker on it stops at its next write."""
        key = job_key(job_id)
        if not self.client.delete(key):
            raise JobNotFound
        self.client.publish(key, "deleted")

    def lease(self, job_id: str) -> Lease | Busy | None:
        """Take the job for `lease_seconds`; None where there is nothing to do (any more).

        A job that `max_attempts` workers have taken and not finished is failed here.
        """
        reply = self._lease(
            keys=[job_key(job_id), FINISHED, ALIVE],
            args=[
                self._settings.lease_seconds,
                self._settings.max_attempts,
                json.dumps(problem(TooManyAttempts())),
            ],
        )
        match reply:
            case ["leased", fence, task, request]:
                return Lease(job_id, int(fence), Task(task), request)
            case ["busy", seconds]:
                return Busy(float(seconds))
        return None

    def progress(self, lease: Lease, done: int, total: int) -> None:
        """Say how far the work is, and renew the lease; LeaseLost where it is held no more."""
        args = [lease.fence, done, total, self._settings.lease_seconds]
        if not self._progress(keys=[job_key(lease.job_id), FINISHED, ALIVE], args=args):
            raise LeaseLost

    def succeed(self, lease: Lease, result: str) -> None:
        """End the job with its result, a JSON object; LeaseLost where it is held no more."""
        self._end(lease, JobState.SUCCEEDED, "result", result)

    def fail(self, lease: Lease, error: DragomanError) -> None:
        """End the job with what went wrong; LeaseLost where it is held no more."""
        self._end(lease, JobState.FAILED, "error", json.dumps(problem(error)))

    def _end(self, lease: Lease, state: JobState, field: str, value: str) -> None:
        args = [lease.fence, state.value, field, value, self._settings.retention_seconds]
        if not self._finish(keys=[job_key(lease.job_id), FINISHED, ALIVE], args=args):
            raise LeaseLost

    def waiting(self) -> dict[Queue, int]:
        """Messages that wait in each queue at the broker."""
        return {queue: self.client.llen(queue.key) for queue in Queue}

    def silence(self, queue: Queue) -> float:
        """Seconds that messages have waited with no sign of a worker of their queue.

        0 where none wait; infinite where no worker has ever been.
        """
        if not self.client.llen(queue.key):
            return 0.0
        alive = cast(str | None, self.client.hget(ALIVE, queue.value))
        seconds, microseconds = self.client.time()
        return seconds + microseconds / 1e6 - float(alive) if alive else math.inf

    def finished(self) -> dict[tuple[str, str], int]:
        """Jobs ended so far, by task and state."""
        counts = cast(dict[str, Any], self.client.hgetall(FINISHED))
        return {(key.split(":")[0], key.split(":")[1]): int(n) for key, n in counts.items()}


def _time(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
