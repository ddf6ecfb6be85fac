"""A job, its states and the legal transitions between them, without Redis or HTTP.

The command line imports this module for its options, so it imports nothing but the standard library.
"""

from dataclasses import dataclass
from enum import StrEnum


class RecordKind(StrEnum):
    """The kind of a record in Redis."""

    JOB = "job"
    CHUNK = "chunk"
    """Some items of a batch."""
    CHECK = "check"
    """A sentence that an editor has written."""
    BATCH = "batch"
    """The webhook of a batch that has ended; no worker works on it."""

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


class CallbackState(StrEnum):
    """The state of a webhook."""

    WAITING = "waiting"
    """Waiting for the end of the job, or for the next attempt."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after the last attempt."""
