"""Files that the clients of a door upload: kept under a secret, and sent back translated."""

import hashlib
from pathlib import PurePath
from typing import Any, cast
from urllib.parse import quote

from fastapi import Response
from pydantic import BaseModel

from pipeline.documents.file_types import FILE_TYPES, decoded, format_of_name, from_bytes, to_bytes
from pipeline.errors import InvalidDocument
from service.front.context import Context
from service.jobs.requests import QueuedTranslation
from service.jobs.views import Job

PLAIN = ".txt"
"""The extension of a plain text."""
EXTENSIONS = (PLAIN, *(e for type_ in FILE_TYPES.values() for e in type_.extensions))
"""The extensions of the files that are translated."""


class Upload(BaseModel):
    """An uploaded file; without a `job` it could not be translated, and `error` says why."""

    client: str
    name: str
    characters: int
    job: str | None
    error: str | None = None


def read_upload(name: str, data: bytes, target: str) -> QueuedTranslation:
    """The request for a file, without its source language. Raises InvalidDocument."""
    format_ = format_of_name(name)
    if format_ is None and PurePath(name).suffix.lower() != PLAIN:
        raise InvalidDocument(
            "Invalid file data. The file extension is not supported: use "
            f"{', '.join(extension.removeprefix('.') for extension in EXTENSIONS)}."
        )
    if not data.strip():
        raise InvalidDocument("Invalid file data. The document is empty.")
    common: dict[str, Any] = {"target": target, "furniture": "translate"}
    if format_ is not None:
        return QueuedTranslation(document=from_bytes(data, format_), format=format_, **common)
    return QueuedTranslation(text=decoded(data), keep_lines=True, **common)


def keep(context: Context, secret: str, upload: Upload) -> None:
    """Keep an upload as long as its job, for whoever has the secret."""
    settings = context.settings
    context.store.client.set(
        _key(secret),
        upload.model_dump_json(),
        ex=settings.retention_seconds + settings.job_seconds,
    )


def find(context: Context, secret: str) -> Upload | None:
    """The upload of a secret; None if there is none, or it has expired."""
    record = cast(str | None, context.store.client.get(_key(secret)))
    return None if record is None else Upload.model_validate_json(record)


def translated_file(name: str, job: Job) -> Response:
    """The translated file of a job that has succeeded."""
    result = job.result or {}
    format_ = format_of_name(name)
    if format_ is None:
        content, media_type = result["text"].encode(), "text/plain; charset=utf-8"
    else:
        content = to_bytes(result["document"], format_)
        media_type = FILE_TYPES[format_].media_types[0]
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _key(secret: str) -> str:
    return f"dragoman:upload:{hashlib.sha256(secret.encode()).hexdigest()}"
