"""The Celery tasks: lease a record, do its work and write the result."""

import logging
from functools import lru_cache
from typing import Any

from celery import Task as CeleryTask
from celery.signals import worker_process_init

from models.errors import DragomanError
from pipeline.pipeline import Pipeline, Result
from pipeline.results import AlternativesResult, CheckedSentence, Quality, RenderedFile
from service.batches.items import Chunk, ChunkResult
from service.errors import InternalError, LeaseLost, ResultTooLarge
from service.jobs.job import Queue, RecordKind, Ref, Task
from service.jobs.leases import Lease
from service.jobs.requests import (
    QueuedAlternatives,
    QueuedKnownTranslation,
    QueuedSummary,
    SentenceCheck,
)
from service.jobs.store import JobStore, job_ref
from service.settings import get_settings
from workers.app import app
from workers.chunks import BUGS, run_items
from workers.heartbeat import Heartbeat, Stopping
from workers.holding import holding
from workers.resident import first_models, pipeline_of

log = logging.getLogger(__name__)

Work = Result | ChunkResult | CheckedSentence | AlternativesResult | RenderedFile
"""What a record of any kind is ended with."""


@lru_cache
def _store() -> JobStore:
    settings = get_settings()
    # A result is worth waiting for: where Redis is away, a worker retries for `stall_seconds`.
    return JobStore.connect(settings, patience=settings.stall_seconds)


@lru_cache
def _pipeline() -> Pipeline:
    settings = get_settings()
    return pipeline_of(settings, settings.load_catalogue(), _queues())


def _queues() -> list[Queue]:
    """Return the queues that this worker takes from."""
    return [queue for queue in Queue if queue.key in app.amqp.queues.consume_from]


@worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
def _preload(**_: Any) -> None:
    """Load models in a child process before its first job."""
    pipeline = _pipeline()
    decoder = pipeline.decoder
    decoder.models.preload(first_models(get_settings(), decoder.catalogue, _queues()))


@app.task(name=RecordKind.JOB.task_name, bind=True)  # type: ignore[untyped-decorator]
def run_job(self: "CeleryTask", job_id: str) -> None:
    """Run one job. A job that has ended, was deleted or is held by another worker is no error."""
    _run(job_ref(job_id), self.request.hostname)


@app.task(name=RecordKind.CHUNK.task_name, bind=True)  # type: ignore[untyped-decorator]
def run_chunk(self: "CeleryTask", chunk_id: str) -> None:
    """Run some items of a batch in the same way."""
    _run(Ref(RecordKind.CHUNK, chunk_id), self.request.hostname)


@app.task(name=RecordKind.CHECK.task_name, bind=True)  # type: ignore[untyped-decorator]
def run_check(self: "CeleryTask", check_id: str) -> None:
    """Check a sentence that an editor has written, in the same way."""
    _run(Ref(RecordKind.CHECK, check_id), self.request.hostname)


def _run(ref: Ref, holder: str) -> None:
    store = _store()
    lease = store.leases.lease(ref, holder)
    if lease is not None:
        with holding(lease, store.leases) as heartbeat:
            work(lease, store, _pipeline(), heartbeat)


def work(lease: Lease, store: JobStore, pipeline: Pipeline, heartbeat: Heartbeat) -> None:
    """Do the work of a leased record and end the record with a result or an error.

    Errors of Redis and of the operating system are not the job's fault and are raised.
    """
    try:
        result = _result(lease, pipeline, heartbeat)
        text = result.model_dump_json(exclude_none=True)
        if len(text.encode()) > (most := get_settings().max_result_bytes):
            raise ResultTooLarge(f"A result may have {most} bytes: send the text in parts.")
        store.succeed(lease, text)
        store.count_quality(_qualities(result))
    except (LeaseLost, Stopping):
        raise
    except DragomanError as error:
        log.warning("The job failed: %s", error.code)
        store.fail(lease, error)
    except BUGS:
        log.exception("The job failed")
        store.fail(lease, InternalError())


def _result(lease: Lease, pipeline: Pipeline, heartbeat: Heartbeat) -> Work:
    progress = heartbeat.progress
    if lease.ref.kind is RecordKind.CHUNK:
        return run_items(Chunk.model_validate_json(lease.request), pipeline, progress)
    if lease.ref.kind is RecordKind.CHECK:
        one = SentenceCheck.model_validate_json(lease.request)
        languages = one.source_language, one.target_language
        return pipeline.check(one.source, one.target, languages, one.terms, one.region)
    match Task(lease.task):
        case Task.TRANSLATE:
            request = QueuedKnownTranslation.model_validate_json(lease.request)
            publish = heartbeat.publish if request.in_parts else None
            return pipeline.translate(request, progress, publish)
        case Task.SUMMARIZE:
            summary = QueuedSummary.model_validate_json(lease.request)
            return pipeline.summarize(summary, progress)
        case Task.RENDER:
            known = QueuedKnownTranslation.model_validate_json(lease.request)
            return pipeline.render(known, progress)
        case Task.ALTERNATIVES:
            sentence = QueuedAlternatives.model_validate_json(lease.request)
            return pipeline.alternatives(sentence, progress)


def _qualities(result: Work) -> list[Quality]:
    if isinstance(result, ChunkResult):
        return [outcome.result.quality for outcome in result.outcomes if outcome.result]
    if isinstance(result, CheckedSentence | AlternativesResult | RenderedFile):
        return []
    return [result.quality]
