"""Jobs as a caller sees them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from pipeline.results import SummaryResult, TranslationResult
from service.jobs.described import DescribedAs, Problem
from service.jobs.job import CallbackState, JobState, Task


class Progress(BaseModel):
    """Segments done of segments known; the total is 0 until a worker has read the text."""

    done: int
    total: int


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
