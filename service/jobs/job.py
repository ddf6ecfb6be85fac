"""A job, its states and the legal transitions between them, without Redis or HTTP."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from pipeline.results import SummaryResult, TranslationResult
from service.jobs.described import DescribedAs, Problem


class RecordKind(StrEnum):
    """The kind of a record that a worker holds."""

    JOB = "job"
    CHUNK = "chunk"
    """Some items of a batch."""
    CHECK = "check"
    """A sentence that an editor has written."""

    @property
    def task_name(self) -> str:
        """The name of the Celery task that works on such a record; its argument is the record's id."""
        return f"dragoman.run_{self.value}"


@dataclass(frozen=True, slots=True)
class Ref:
    """The kind and id of a record."""

    kind: RecordKind
    id: str

    @property
    def key(self) -> str:
        """The key of the record's hash in Redis, which is also the channel of its changes."""
        return f"dragoman:{self.kind.value}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Ref":
        """Return the record that a key belongs to."""
        _, kind, record_id = key.split(":", 2)
        return cls(RecordKind(kind), record_id)


class Task(StrEnum):
    """The task of a job."""

    TRANSLATE = "translate"
    SUMMARIZE = "summarize"
    ALTERNATIVES = "alternatives"
    """Find other translations of a sentence."""
    RENDER = "render"
    """Write the file of a version of a story."""


class Queue(StrEnum):
    """A queue of jobs: editors never wait behind an archive."""

    INTERACTIVE = "interactive"
    BATCH = "batch"

    @property
    def key(self) -> str:
        """The name of the queue at the broker, which is the key of its list in Redis."""
        return f"dragoman.{self.value}"


class JobState(StrEnum):
    """The state of a job or a batch."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        """Whether the state is a final one."""
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
"""The legal transitions."""


class Progress(BaseModel):
    """Segments done of segments known; the total is 0 until a worker has read the text."""

    done: int
    total: int


class CallbackState(StrEnum):
    """The state of a webhook."""

    WAITING = "waiting"
    """Waiting for the end of the job, or for the next attempt."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after the last attempt."""


class CallbackStatus(BaseModel):
    """The webhook of a job."""

    url: str
    state: CallbackState
    attempts: int
    answer: str | None = Field(
        None, description="Outcome of the last attempt: a status, or an error."
    )
    due_at: datetime | None = Field(None, description="Time of the next attempt.")


class Status(BaseModel):
    """The state of a job or a batch, and its times."""

    id: str
    state: JobState
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ListedJob(Status):
    """A job in a list: its state, without its result."""

    task: Task
    progress: Progress


class JobPage(BaseModel):
    """Some of a client's jobs, the newest first."""

    jobs: list[ListedJob]
    page: int
    total: int = Field(description="Jobs on all pages.")


class Job(ListedJob):
    """A job as a caller sees it."""

    attempts: int
    result: Annotated[dict[str, Any], DescribedAs(TranslationResult, SummaryResult)] | None = None
    error: Problem | None = None
    callback: CallbackStatus | None = None
