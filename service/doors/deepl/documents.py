"""`/v2/document`: files to be translated, each under an id and a key of its own."""

import secrets
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from models.language_codes import primary_subtag
from pipeline.article_language import likeliest_language
from pipeline.documents.formats import count_characters, texts_of
from service.doors.deepl.errors import (
    DocumentNotFound,
    DocumentNotReady,
    MissingParameter,
    UnsupportedValue,
)
from service.doors.deepl.languages import ServedLanguages
from service.doors.deepl.parameters import InClient, InParameters, required, text
from service.doors.deepl.texts import check_formality, glossaries_of, languages_of
from service.doors.parameters import Parameters
from service.doors.translations import queue
from service.doors.uploads import Upload, find, keep, read_upload, translated_file
from service.front.context import Context, InContext
from service.front.waiting import finished
from service.jobs.job import JobState
from service.jobs.keys import Client
from service.jobs.requests import QueuedTranslation
from service.jobs.views import Job

router = APIRouter()

_STATES = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "translating",
    JobState.SUCCEEDED: "done",
    JobState.FAILED: "error",
    JobState.CANCELLED: "error",
}
_STATUS_SECONDS = 2.0
"""How long a request for the status waits for the end: the SDK asks again only after 5 seconds."""


@router.post("/v2/document")
async def upload(parameters: InParameters, client: InClient, context: InContext) -> dict[str, str]:
    """Take a document; its status can be asked for with the id and the key that come back."""
    check_formality(parameters)
    served = await run_in_threadpool(ServedLanguages, context.catalogue)
    source, target = languages_of(parameters, served)
    file = parameters.get("file")
    if not isinstance(file, UploadFile):
        raise MissingParameter("file")
    name = text(parameters, "filename") or file.filename or ""
    wanted = text(parameters, "output_format")
    if wanted and f".{wanted.lower()}" != PurePath(name).suffix.lower():
        raise UnsupportedValue("output_format", "A document comes back in its own format.")
    glossaries = await run_in_threadpool(glossaries_of, context, client, parameters, source, target)
    request = read_upload(name, await file.read(), target)
    request = request.model_copy(update={"source": source, "glossaries": glossaries})
    return await run_in_threadpool(_take, context, client, served, name, request)


@router.post("/v2/document/{document_id}")
async def read_status(
    document_id: str, parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """The status of a document; waits a moment for the end."""
    found = await run_in_threadpool(_find, context, client, document_id, parameters)
    status: dict[str, Any] = {"document_id": document_id, "status": "error"}
    if found.job is None:
        return status | {"error_message": found.error}
    job = await finished(context, found.job, _STATUS_SECONDS)
    status["status"] = _STATES[job.state]
    if not job.state.finished:
        status["seconds_remaining"] = _seconds_left(job)
    elif job.state is JobState.SUCCEEDED:
        status["billed_characters"] = found.characters
    else:
        status["error_message"] = job.error.detail if job.error else "It was cancelled."
    return status


@router.post("/v2/document/{document_id}/result")
def read_result(
    document_id: str, parameters: InParameters, client: InClient, context: InContext
) -> Response:
    """The translated document, in the format that it was sent in."""
    found = _find(context, client, document_id, parameters)
    job = context.store.get(found.job) if found.job else None
    if job is None or job.state is not JobState.SUCCEEDED:
        raise DocumentNotReady
    return translated_file(found.name, job)


def _take(
    context: Context,
    client: Client,
    served: ServedLanguages,
    name: str,
    request: QueuedTranslation,
) -> dict[str, str]:
    """Queue a document and keep what its id and key stand for."""
    if request.source is None:
        source, _ = likeliest_language("\n\n".join(texts_of(request)), served.sources)
        request = request.model_copy(update={"source": source})
    job, error = None, None
    if request.source == primary_subtag(request.target):
        error = "Source and target language are equal."
    else:
        job = queue(context, client, request)
    document_id, key = uuid4().hex.upper(), secrets.token_hex(32).upper()
    taken = Upload(
        client=client.name,
        name=name,
        characters=count_characters(request),
        job=job,
        error=error,
    )
    keep(context, _secret(document_id, key), taken)
    return {"document_id": document_id, "document_key": key}


def _find(context: Context, client: Client, document_id: str, parameters: Parameters) -> Upload:
    """The upload of an id and its key; raise DocumentNotFound."""
    found = find(context, _secret(document_id, required(parameters, "document_key")))
    if found is None or found.client != client.name:
        raise DocumentNotFound
    return found


def _secret(document_id: str, key: str) -> str:
    return f"{document_id}:{key}"


def _seconds_left(job: Job) -> int:
    """A guess by the progress so far: at least a second."""
    if job.started_at is None or not job.progress.done:
        return 1
    passed = (datetime.now(UTC) - job.started_at).total_seconds()
    return max(1, round(passed * (job.progress.total / job.progress.done - 1)))
