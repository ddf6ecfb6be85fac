"""Translations for the clients of a door: one job for each text, and an answer when all have ended."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from fastapi.concurrency import run_in_threadpool

from models.errors import DragomanError
from pipeline.documents.formats import count_characters
from pipeline.languages import settle_translation
from pipeline.results import TranslationResult
from service.errors import TryLater
from service.front.context import Context
from service.jobs.admission import Submission
from service.jobs.events import finished
from service.jobs.job import Job, JobState, Task
from service.jobs.keys import Client
from service.jobs.requests import QueuedTranslation


class StillRunning(TryLater):
    """The translation takes longer than a request may wait. Try again: the result is kept."""

    status = 504
    title = "Still running"
    code = "still-running"


class JobFailed(DragomanError):
    """A job failed."""

    def __init__(self, problem: dict[str, Any]) -> None:
        """`problem` is the error of the job."""
        super().__init__(problem.get("detail"))
        self.status_of_job: int = problem.get("status", self.status)


async def translate_all(
    context: Context, client: Client, requests: Sequence[QueuedTranslation]
) -> list[TranslationResult]:
    """The results, in order. The jobs run side by side and are awaited together.

    The same text sent again within a minute gets the same job, so that a client that tries again after
    a time-out finds its result. Raises what queueing a job raises, JobFailed and StillRunning.
    """
    ids = [await run_in_threadpool(_queue, context, client, request) for request in requests]
    end = time.monotonic() + context.settings.max_wait_seconds
    jobs = await asyncio.gather(
        *(finished(context, job_id, max(0.0, end - time.monotonic())) for job_id in ids)
    )
    return [_result(job) for job in jobs]


def _queue(context: Context, client: Client, request: QueuedTranslation) -> str:
    settled = context.stories.lookup.informed(
        client, settle_translation(request, context.catalogue)
    )
    submission = Submission(
        client=client,
        task=Task.TRANSLATE,
        queue=settled.priority,
        request=settled.model_dump_json(exclude_none=True, exclude={"callback"}),
        callback=None,
        callback_host=None,
        characters=count_characters(settled),
        idempotency_key=None,
    )
    return context.enqueuer.enqueue(submission).job.id


def _result(job: Job) -> TranslationResult:
    if not job.state.finished:
        raise StillRunning
    if job.state is not JobState.SUCCEEDED or job.result is None:
        raise JobFailed(job.error or {})
    return TranslationResult.model_validate(job.result)
