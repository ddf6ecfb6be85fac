"""The records of jobs in Redis, for callers and workers."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from models.errors import DragomanError
from pipeline.results import Quality, TranslatedPart
from service.errors import JobGone, JobNotFound, problem
from service.jobs.job import CallbackState, JobState, Queue, RecordKind, Ref, Task
from service.jobs.leases import Lease, Leases
from service.jobs.scripts import (
    ALIVE,
    FINISHED,
    GONE,
    JOBS,
    PARTS,
    RUNNING,
    WAITING,
    WEBHOOKS,
    load,
)
from service.jobs.views import CallbackStatus, Job, JobPage, ListedJob, Progress
from service.settings import Settings

REWRITE_SECONDS = 60
"""Seconds between rewrites of the append-only file after deletions."""
DAILY_SECONDS = 24 * 3600
"""Seconds between rewrites in any case: texts also leave Redis when jobs end and expire."""

CHECKED = "dragoman:checked"
"""The hash that counts checked and clean sentences, flags by code and repairs by step."""


def job_ref(job_id: str) -> Ref:
    """Return the reference of a job's record."""
    return Ref(RecordKind.JOB, job_id)


class JobStore:
    """The records of jobs.

    All methods raise `redis.ConnectionError` or another `redis.RedisError` where Redis is away or full;
    nothing is then half written.
    """

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self.client = client
        self.leases = Leases(client, settings)
        self._rewrite_due = client.register_script(load("rewrite_due"))

    @classmethod
    def connect(cls, settings: Settings, patience: int = 1) -> "JobStore":
        """Create a store on the Redis of the settings; it connects with its first command.

        A command that finds Redis away is repeated for about `patience` seconds.
        """
        client = redis.Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            socket_connect_timeout=3,
            socket_timeout=10,
            health_check_interval=30,
            retry=Retry(ConstantBackoff(1), patience),
        )
        return cls(client, settings)

    def get(self, job_id: str) -> Job:
        """Return a job; raise JobNotFound where there is none."""
        key = job_ref(job_id).key
        record = cast(dict[str, str], self.client.hgetall(key))
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
            callback=self.callback_status(key, record) if "callback" in record else None,
        )

    def parts(self, job_id: str, start: int) -> list[TranslatedPart]:
        """Return what a running job has translated, from this part on; nothing once it has ended."""
        parts = cast(list[str], self.client.lrange(PARTS + job_id, start, -1))
        return [TranslatedPart.model_validate_json(part) for part in parts]

    def callback_status(self, key: str, record: Mapping[str, str]) -> CallbackStatus:
        """Return the state of the webhook of a record."""
        due = self.client.zscore(WEBHOOKS, key)
        return CallbackStatus(
            url=json.loads(record["callback"])["url"],
            state=CallbackState(record["callback_state"]),
            attempts=int(record.get("callback_attempts", 0)),
            answer=record.get("callback_answer"),
            due_at=None if due is None else _time(due),
        )

    def listed(self, client: str, page: int, size: int) -> JobPage:
        """Return some of a client's jobs, the newest first."""
        ids = cast(
            list[str], self.client.zrevrange(JOBS + client, page * size, (page + 1) * size - 1)
        )
        pipeline = self.client.pipeline(transaction=False)
        for job_id in ids:
            pipeline.hmget(job_ref(job_id).key, _LISTED)
        pipeline.zcard(JOBS + client)
        *records, total = pipeline.execute()
        return JobPage(
            jobs=[
                _listed_job(job_id, dict(zip(_LISTED, record, strict=True)))
                for job_id, record in zip(ids, records, strict=True)
                if record[0] is not None  # else it has expired
            ],
            page=page,
            total=total,
        )

    def check_owner(self, job_id: str, client: str) -> None:
        """Raise JobNotFound where the job is not the client's, JobGone where the client deleted it."""
        pipeline = self.client.pipeline(transaction=False)
        pipeline.hget(job_ref(job_id).key, "client")
        pipeline.get(GONE + job_id)
        owner, gone = pipeline.execute()
        if owner is None and gone == client:
            raise JobGone
        if owner != client:
            raise JobNotFound

    def delete(self, job_id: str) -> None:
        """Delete a job with its text and result; a worker on it stops at its next write."""
        if not self.leases.delete(job_ref(job_id)):
            raise JobNotFound

    def discard(self, job_ids: Iterable[str]) -> None:
        """Delete the jobs, of those that are there."""
        for job_id in job_ids:
            self.leases.delete(job_ref(job_id))

    def succeed(self, lease: Lease, result: str) -> None:
        """End a job with its result, a JSON object; raise LeaseLost if it is no longer held."""
        self.leases.finish(lease, JobState.SUCCEEDED, "result", result)

    def fail(self, lease: Lease, error: DragomanError) -> None:
        """End a job with an error; raise LeaseLost if it is no longer held."""
        self.leases.finish(lease, JobState.FAILED, "error", json.dumps(problem(error)))

    def waiting(self) -> dict[Queue, int]:
        """Return the number of messages that wait in each queue at the broker."""
        return {queue: self.client.llen(queue.key) for queue in Queue}

    def unfinished(self) -> int:
        """Return the number of records that are queued or running, with or without a message."""
        # In one transaction: a record that moves between two queries would be in neither.
        pipeline = self.client.pipeline(transaction=True)
        for key in (RUNNING, *(WAITING + queue.value for queue in Queue)):
            pipeline.zcard(key)
        return sum(pipeline.execute())

    def silence(self, queue: Queue) -> float:
        """Return the seconds that messages have waited without a sign of a worker of their queue.

        0 where no message waits; infinite where there has never been a worker.
        """
        if not self.client.llen(queue.key):
            return 0.0
        alive = cast(str | None, self.client.hget(ALIVE, queue.value))
        return max(self._now() - float(alive), 0.0) if alive else math.inf

    def overdue(self) -> float:
        """Return the seconds that the oldest webhook has been due; 0 where none is due."""
        first = cast(list[tuple[str, float]], self.client.zrange(WEBHOOKS, 0, 0, withscores=True))
        return max([0.0, *(self._now() - due for _, due in first)])

    def rewrite_journal(self) -> None:
        """Rewrite Redis's append-only file if deleted texts may be in it and it is time.

        The file keeps every command, and so the text of a deleted job, until it is rewritten.
        """
        persistence = self.client.info("persistence")
        possible = persistence["aof_enabled"] and not persistence["aof_rewrite_in_progress"]
        if possible and self._rewrite_due(args=[REWRITE_SECONDS, DAILY_SECONDS]):
            self.client.bgrewriteaof()

    def _now(self) -> float:
        seconds, microseconds = self.client.time()
        return seconds + microseconds / 1e6

    def finished(self) -> dict[tuple[str, str], int]:
        """Return the number of jobs that have ended, by task and state."""
        counts = cast(dict[str, Any], self.client.hgetall(FINISHED))
        return {(key.split(":")[0], key.split(":")[1]): int(n) for key, n in counts.items()}

    def count_quality(self, qualities: Sequence[Quality]) -> None:
        """Add the quality of some results to the counts of all results."""
        counts: Counter[str] = Counter()
        for quality in qualities:
            counts.update(quality.model_dump(include={"sentences", "clean", "wrong"}))
            counts.update({f"flag:{code}": n for code, n in quality.flags.items()})
            counts.update({f"repair:{step}": n for step, n in quality.repairs.items()})
        with self.client.pipeline(transaction=False) as pipeline:
            for field, n in counts.items():
                pipeline.hincrby(CHECKED, field, n)
            pipeline.execute()

    def checked(self) -> Quality:
        """Return the quality of all results so far."""
        raw = cast(dict[str, str], self.client.hgetall(CHECKED))
        counts = {field: int(n) for field, n in raw.items()}
        sentences, clean = counts.pop("sentences", 0), counts.pop("clean", 0)
        wrong = counts.pop("wrong", 0)
        return Quality(
            sentences=sentences,
            clean=clean,
            wrong=wrong,
            share=clean / sentences if sentences else 1.0,
            flags=_with_prefix(counts, "flag:"),
            repairs=_with_prefix(counts, "repair:"),
        )


_LISTED = ("task", "state", "done", "total", "created_at", "started_at", "finished_at")


def _listed_job(job_id: str, record: dict[str, str | None]) -> ListedJob:
    def when(name: str) -> datetime | None:
        return None if (seconds := record[name]) is None else _time(seconds)

    return ListedJob.model_validate(
        {
            "id": job_id,
            "task": record["task"],
            "state": record["state"],
            "progress": {"done": record["done"], "total": record["total"]},
            "created_at": when("created_at"),
            "started_at": when("started_at"),
            "finished_at": when("finished_at"),
        }
    )


def _with_prefix(counts: dict[str, int], kind: str) -> dict[str, int]:
    return {key.removeprefix(kind): n for key, n in counts.items() if key.startswith(kind)}


def _time(seconds: str | float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
