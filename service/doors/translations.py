"""Translations for the clients of a door: one job for each text, and an answer when all have ended."""

from collections.abc import Sequence

from fastapi.concurrency import run_in_threadpool

from models.errors import DragomanError
from pipeline.results import TranslationResult
from service.errors import StillRunning
from service.front.context import Context
from service.front.waiting import all_finished
from service.jobs.admission import Submission
from service.jobs.described import Problem
from service.jobs.job import JobState, Task
from service.jobs.keys import Client
from service.jobs.requests import QueuedTranslation
from service.jobs.views import Job
from service.prepare import prepare


class JobFailed(DragomanError):
    """A job failed."""

    def __init__(self, problem: Problem | None) -> None:
        """`problem` is the error of the job."""
        super().__init__(problem.detail if problem else None)
        self.status_of_job = problem.status if problem else self.status


async def translate_all(
    context: Context, client: Client, requests: Sequence[QueuedTranslation]
) -> list[TranslationResult]:
    """The results, in order. The jobs run side by side and are awaited together.

    The same text sent again within a minute gets the same job, so that a client that tries again after
    a time-out finds its result. Raises what queueing a job raises, JobFailed and StillRunning.
    """
    ids = [await run_in_threadpool(queue, context, client, request) for request in requests]
    jobs = await all_finished(context, ids, context.settings.max_wait_seconds)
    return [succeeded(job) for job in jobs]


def queue(context: Context, client: Client, request: QueuedTranslation) -> str:
    """Queue a translation and return the id of its job."""
    submission = Submission.of(client, Task.TRANSLATE, prepare(context, client, request))
    return context.enqueuer.enqueue(submission).job.id


def succeeded(job: Job) -> TranslationResult:
    """The result of a job; raise StillRunning or JobFailed."""
    if not job.state.finished:
        raise StillRunning
    if job.state is not JobState.SUCCEEDED or job.result is None:
        raise JobFailed(job.error)
    return TranslationResult.model_validate(job.result)
