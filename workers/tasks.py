"""The Celery tasks: thin. Take a record's id, hold its lease, do the work, write the result."""

import logging
from functools import lru_cache

from celery import Task as CeleryTask

from models.errors import DragomanError
from service.batches.items import Chunk
from service.errors import LeaseLost
from service.jobs import Kind, Ref, Task
from service.leases import Lease
from service.schemas import SummaryRequest, TranslationRequest
from service.settings import get_settings
from service.store import JobStore, job_ref
from workers.app import app
from workers.chunks import BUGS, run_items
from workers.heartbeat import Stopping
from workers.holding import holding
from workers.pipeline import Pipeline, Progress

log = logging.getLogger(__name__)


@lru_cache
def _store() -> JobStore:
    settings = get_settings()
    # Results are dear: where Redis is away, a worker waits for it as long as for its own work.
    return JobStore.connect(settings, patience=settings.stall_seconds)


@lru_cache
def _pipeline() -> Pipeline:
    settings = get_settings()
    return Pipeline(settings.load_catalogue(), settings.models_dir, settings.batch_tokens)


@app.task(name=Kind.JOB.task_name, bind=True)  # type: ignore[untyped-decorator]
def run_job(self: "CeleryTask", job_id: str) -> None:
    """Run one job to its end. A job that is done, deleted, held or unknown is no error."""
    _run(job_ref(job_id), self.request.hostname)


@app.task(name=Kind.CHUNK.task_name, bind=True)  # type: ignore[untyped-decorator]
def run_chunk(self: "CeleryTask", chunk_id: str) -> None:
    """Run some items of a batch, in the same way."""
    _run(Ref(Kind.CHUNK, chunk_id), self.request.hostname)


def _run(ref: Ref, holder: str) -> None:
    store = _store()
    lease = store.leases.lease(ref, holder)
    if lease is not None:
        with holding(lease, store.leases) as progress:
            work(lease, store, _pipeline(), progress)


def work(lease: Lease, store: JobStore, pipeline: Pipeline, progress: Progress) -> None:
    """Do the leased job and end its record: with the result, or with what went wrong.

    What Redis or the operating system raise is not the job's fault, and goes up.
    """
    try:
        store.succeed(lease, _result(lease, pipeline, progress))
    except (LeaseLost, Stopping):
        raise
    except DragomanError as error:
        log.warning("job %s failed: %s", lease.ref.id, error.code)
        store.fail(lease, error)
    except BUGS:
        log.exception("job %s failed", lease.ref.id)
        store.fail(lease, DragomanError())


def _result(lease: Lease, pipeline: Pipeline, progress: Progress) -> str:
    if lease.ref.kind is Kind.CHUNK:
        chunk = Chunk.model_validate_json(lease.request)
        return run_items(chunk, pipeline, progress).model_dump_json(exclude_none=True)
    match Task(lease.task):
        case Task.TRANSLATE:
            request = TranslationRequest.model_validate_json(lease.request)
            return pipeline.translate(request, progress).model_dump_json(exclude_none=True)
        case Task.SUMMARIZE:
            wish = SummaryRequest.model_validate_json(lease.request)
            return pipeline.summarize(wish, progress).model_dump_json(exclude_none=True)
