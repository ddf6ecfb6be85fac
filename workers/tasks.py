"""The Celery tasks: thin. Take a job's id, hold its lease, run the pipeline, write the result."""

import logging
from functools import lru_cache

from celery import Task as CeleryTask

from models.catalogue import load_catalogue
from models.errors import DragomanError
from service.errors import LeaseLost
from service.jobs import RUN_JOB, Task
from service.schemas import SummaryRequest, TranslationRequest
from service.settings import get_settings
from service.store import Busy, JobStore, Lease
from workers.app import app
from workers.pipeline import Pipeline, Progress

log = logging.getLogger(__name__)


@lru_cache
def _store() -> JobStore:
    return JobStore.connect(get_settings())


@lru_cache
def _pipeline() -> Pipeline:
    settings = get_settings()
    return Pipeline(load_catalogue(settings.catalogue), settings.models_dir, settings.batch_tokens)


@app.task(name=RUN_JOB, bind=True, max_retries=None)  # type: ignore[untyped-decorator]
def run_job(self: "CeleryTask", job_id: str) -> None:
    """Run one job to its end. A job that is done, deleted or unknown is no error."""
    lease = _store().lease(job_id)
    if isinstance(lease, Busy):
        # The message was delivered twice, or its first worker died: look again when the lease ends.
        raise self.retry(countdown=lease.seconds)
    if lease is not None:
        work(lease, _store(), _pipeline())


def work(lease: Lease, store: JobStore, pipeline: Pipeline) -> None:
    """Do the leased job and end its record: with the result, or with what went wrong."""

    def progress(done: int, total: int) -> None:
        store.progress(lease, done, total)

    try:
        try:
            store.succeed(lease, _result(lease, pipeline, progress))
        except LeaseLost:
            raise
        except DragomanError as error:
            log.warning("job %s failed: %s", lease.job_id, error.code)
            store.fail(lease, error)
        except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
            # A bug of ours, or of a model: the job ends, the worker lives on. What Redis or the
            # operating system raise is not the job's fault and goes up, for another attempt.
            log.exception("job %s failed", lease.job_id)
            store.fail(lease, DragomanError())
    except LeaseLost:
        log.info("job %s is no longer ours: stopped", lease.job_id)


def _result(lease: Lease, pipeline: Pipeline, progress: Progress) -> str:
    match lease.task:
        case Task.TRANSLATE:
            request = TranslationRequest.model_validate_json(lease.request)
            return pipeline.translate(request, progress).model_dump_json(exclude_none=True)
        case Task.SUMMARIZE:
            wish = SummaryRequest.model_validate_json(lease.request)
            return pipeline.summarize(wish, progress).model_dump_json(exclude_none=True)
