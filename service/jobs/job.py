"""A job, its states, and the legal moves between them. Pure: no Redis, no HTTP."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field


class Kind(StrEnum):
    """What sort of record a worker holds."""

    JOB = "job"
    CHUNK = "chunk"
    """Some items of a batch."""

    @property
    def task_name(self) -> str:
        """The Celery task that works on such a record; its one argument is the record's id."""
        return f"dragoman.run_{self.value}"


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record."""

    kind: Kind
    id: str

    @property
    def key(self) -> str:
        """The key of the record's hash, which is also the channel of its changes."""
        return f"dragoman:{self.kind.value}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Ref":
        """The record that a key is of."""
        _, kind, record_id = key.split(":", 2)
        return cls(Kind(kind), record_id)


class Task(StrEnum):
    """What a job is asked to do."""

    TRANSLATE = "translate"
    SUMMARIZE = "summarize"


class Queue(StrEnum):
    """Who a job waits behind: editors never wait behind an archive."""

    INTERACTIVE = "interactive"
    BATCH = "batch"

    @property
    def key(self) -> str:
        """The name of the queue at the broker, which is its list's key in Redis."""
        return f"dragoman.{self.value}"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        """Whether the job has come to its end."""
        return not MOVES[self]


MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.FAILED, JobState.CANCELLED}),
    # Back to queued, or running again, when its worker died.
    JobState.RUNNING: frozenset(
        {
            JobState.QUEUED,
            JobState.RUNNING,
            JobState.SUCCEEDED,
            JobState.FAILED,
            JobState.CANCELLED,
        }
    ),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}
"""The legal moves."""


class Progress(BaseModel):
    """Segments done of segments known; the total is 0 until a worker has read the text."""

    done: int
    total: int


class CallbackState(StrEnum):
    """Where the telling of a job's end stands."""

    WAITING = "waiting"
    """For the end, or for its next attempt."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up."""


class CallbackStatus(BaseModel):
    """Whether whoever asked for it was told of the job's end."""

    url: str
    state: CallbackState
    attempts: int
    answer: str | None = Field(
        None, description="The last attempt's: a status, or what went wrong."
    )
    due_at: datetime | None = Field(None, description="When it is tried next.")


class Standing(BaseModel):
    """Where a job or a batch stands, and since when."""

    id: str
    state: JobState
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


class Job(Standing):
    """What a caller sees of a job."""

    task: Task
    progress: Progress
    attempts: int
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    callback: CallbackStatus | None = None
