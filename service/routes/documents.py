"""`/v1/documents`: files translated as they are."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from pipeline.documents.formats import (
    FILE_TYPES,
    format_of_media_type,
    from_bytes,
    to_bytes,
)
from pipeline.glossary.terms import GlossaryName
from pipeline.requests import FileFormat, Language, OnFlag
from service.errors import NoDocument, UnsupportedMediaType, invalid_request
from service.front.auth import allowed
from service.front.context import InContext
from service.jobs.job import Job, JobState, Queue, Task
from service.jobs.keys import Scope
from service.jobs.requests import QueuedTranslation
from service.prepare import prepare
from service.routes.jobs import OwnJob
from service.routes.submit import RESPONSES, InCalling, submit

router = APIRouter(tags=["documents"])

_MEDIA_TYPES = {name: t.media_types[0] for name, t in FILE_TYPES.items()}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is.",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in _MEDIA_TYPES.values()
        },
    }
}


@router.post(
    "/v1/documents",
    status_code=202,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.TRANSLATE))],
    openapi_extra=_BODY,
)
async def translate(
    request: Request,
    context: InContext,
    calling: InCalling,
    response: Response,
    target: Language,
    glossary: Annotated[
        list[GlossaryName],
        Query(
            default_factory=list, description="Names of your glossaries, one each.", max_length=20
        ),
    ],
    source: Annotated[Language | None, Query(description="Detected if not given.")] = None,
    model: Annotated[str | None, Query(description="A model's id.")] = None,
    on_flag: OnFlag | None = None,
    priority: Queue = Queue.INTERACTIVE,
    format_: Annotated[
        FileFormat | None,
        Query(alias="format", description="Taken from `Content-Type` if not given."),
    ] = None,
) -> Job:
    """Translate a file. When the job has succeeded, `/v1/jobs/{id}/result` has the translated file."""
    content_type = request.headers.get("content-type", "")
    known = format_ or format_of_media_type(content_type)
    if known is None:
        raise UnsupportedMediaType(
            f"Send a document as {', '.join(_MEDIA_TYPES.values())}, or give `format`."
        )
    try:
        body = QueuedTranslation(
            document=from_bytes(await request.body(), known),
            format=known,
            source=source,
            target=target,
            model=model,
            glossaries=glossary,
            on_flag=on_flag,
            priority=priority,
        )
    except ValidationError as error:  # of a document that is empty, for one
        raise invalid_request(error.errors(), "body") from None
    prepared = await run_in_threadpool(prepare, context, calling.client, body)
    return await submit(context, calling, response, Task.TRANSLATE, prepared)


@router.get(
    "/v1/jobs/{job_id}/result",
    response_class=Response,
    responses={
        200: {
            "description": "The translated file.",
            "content": {media_type: {} for media_type in _MEDIA_TYPES.values()},
        }
    },
)
def read_result(job_id: OwnJob, context: InContext) -> Response:
    """The translated file of a job that had a document."""
    job = context.store.get(job_id)
    result = job.result or {}
    if job.state is not JobState.SUCCEEDED or result.get("document") is None:
        raise NoDocument
    known: FileFormat = result["format"]
    return Response(
        to_bytes(result["document"], known),
        media_type=_MEDIA_TYPES[known],
        headers={"Content-Disposition": f'attachment; filename="{job_id}.{known}"'},
    )
