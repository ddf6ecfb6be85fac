"""`/v2/document`: files to be translated, each under an id and a key of its own."""

import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from pipeline.article_language import likeliest_language
from pipeline.documents.formats import (
    FILE_TYPES,
    count_characters,
    decoded,
    format_of_name,
    from_bytes,
    texts_of,
    to_bytes,
)
from pipeline.errors import InvalidDocument
from service.doors.deepl.errors import (
    DocumentNotFound,
    DocumentNotReady,
    MissingParameter,
    UnsupportedValue,
)
from service.doors.deepl.languages import ServedLanguages
from service.doors.deepl.parameters import InClient, InParameters, required, text
from service.doors.deepl.texts import check_formality, languages_of
from service.doors.parameters import Parameters
from service.doors.translations import queue
from service.front.context import Context, InContext
from service.front.waiting import finished
from service.jobs.job import Job, JobState
from service.jobs.keys import Client
from service.jobs.requests import QueuedTranslation

router = APIRouter()

_PLAIN = "txt"
_STATES = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "translating",
    JobState.SUCCEEDED: "done",
    JobState.FAILED: "error",
    JobState.CANCELLED: "error",
}
_STATUS_SECONDS = 2.0
"""How long a request for the status waits for the end: the SDK asks again only after 5 seconds."""


class Upload(BaseModel):
    """An uploaded document; without a `job` it could not be translated, and `error` says why."""

    client: str
    key_digest: str
    name: str
    characters: int
    job: str = ""
    error: str = ""


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
    _check_output(parameters, name)
    return await run_in_threadpool(
        _take, context, client, served, name, await file.read(), source, target
    )


@router.post("/v2/document/{document_id}")
async def read_status(
    document_id: str, parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """The status of a document; waits a moment for the end."""
    found = await run_in_threadpool(_find, context, client, document_id, parameters)
    status: dict[str, Any] = {"document_id": document_id, "status": "error"}
    message = found.error
    if found.job:
        job = await finished(context, found.job, _STATUS_SECONDS)
        status["status"] = _STATES[job.state]
        message = (job.error or {}).get("detail", "The document was deleted.")
        if not job.state.finished:
            status["seconds_remaining"] = _seconds_left(job)
        if job.state is JobState.SUCCEEDED:
            status["billed_characters"] = found.characters
    if status["status"] == "error":
        status["error_message"] = message
    return status


@router.post("/v2/document/{document_id}/result")
def read_result(
    document_id: str, parameters: InParameters, client: InClient, context: InContext
) -> Response:
    """The translated document, in the format that it was sent in."""
    found = _find(context, client, document_id, parameters)
    job = context.store.get(found.job) if found.job else None
    if job is None or job.state is not JobState.SUCCEEDED or job.result is None:
        raise DocumentNotReady
    format_ = format_of_name(found.name)
    disposition = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return Response(
        to_bytes(job.result["document"], format_) if format_ else job.result["text"].encode(),
        media_type=FILE_TYPES[format_].media_types[0] if format_ else "text/plain; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _check_output(parameters: Parameters, name: str) -> None:
    wanted = text(parameters, "output_format")
    if wanted and wanted.lower() != _extension(name):
        raise UnsupportedValue("output_format", "A document comes back in its own format.")


def _take(
    context: Context,
    client: Client,
    served: ServedLanguages,
    name: str,
    data: bytes,
    source: str | None,
    target: str,
) -> dict[str, str]:
    """Queue a document and keep what its id and key stand for."""
    request = _request(name, data, target)
    if source is None:
        source, _ = likeliest_language("\n\n".join(texts_of(request)), served.sources)
    job, error = "", ""
    if source == target:
        error = "Source and target language are equal."
    else:
        job = queue(context, client, request.model_copy(update={"source": source}))
    document_id, key = uuid4().hex.upper(), secrets.token_hex(32).upper()
    kept = Upload(
        client=client.name,
        key_digest=_digest(key),
        name=name,
        characters=count_characters(request),
        job=job,
        error=error,
    )
    settings = context.settings
    context.store.client.set(
        _record_key(document_id),
        kept.model_dump_json(),
        ex=settings.retention_seconds + settings.job_seconds,
    )
    return {"document_id": document_id, "document_key": key}


def _request(name: str, data: bytes, target: str) -> QueuedTranslation:
    format_ = format_of_name(name)
    if format_ is None and _extension(name) != _PLAIN:
        endings = ", ".join(e[1:] for type_ in FILE_TYPES.values() for e in type_.extensions)
        raise InvalidDocument(
            f"Invalid file data. The file extension is not supported: use {_PLAIN}, {endings}."
        )
    common: dict[str, Any] = {"target": target, "furniture": "translate"}
    if not data.strip():
        raise InvalidDocument("Invalid file data. The document is empty.")
    if format_ is not None:
        return QueuedTranslation(document=from_bytes(data, format_), format=format_, **common)
    return QueuedTranslation(text=decoded(data), **common)


def _find(context: Context, client: Client, document_id: str, parameters: Parameters) -> Upload:
    """The upload of an id and its key; raise DocumentNotFound."""
    record = cast(str | None, context.store.client.get(_record_key(document_id)))
    key = required(parameters, "document_key")
    if record is None:
        raise DocumentNotFound
    found = Upload.model_validate_json(record)
    if found.client != client.name or not secrets.compare_digest(found.key_digest, _digest(key)):
        raise DocumentNotFound
    return found


def _seconds_left(job: Job) -> int:
    """A guess by the progress so far: at least a second."""
    if job.started_at is None or not job.progress.done:
        return 1
    passed = (datetime.now(UTC) - job.started_at).total_seconds()
    return max(1, round(passed * (job.progress.total / job.progress.done - 1)))


def _extension(name: str) -> str:
    return PurePath(name).suffix[1:].lower()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _record_key(document_id: str) -> str:
    return f"dragoman:document:{document_id}"
