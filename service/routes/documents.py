"""`/v1/documents`: files translated as they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from pipeline.documents.file_types import (
    FILE_TYPES,
    format_of_media_type,
    format_of_name,
    from_bytes,
    to_bytes,
)
from pipeline.glossary.terms import GlossaryName
from pipeline.requests import FileFormat, Language, OnFlag, Strict
from service.errors import InvalidRequest, NoDocument, UnsupportedMediaType, invalid_request
from service.front.auth import allowed
from service.front.context import InContext
from service.jobs.job import JobState, Queue, Task
from service.jobs.requests import QueuedTranslation
from service.jobs.scopes import Scope
from service.jobs.views import Job
from service.prepare import prepare
from service.routes.jobs import OwnJob
from service.routes.submit import RESPONSES, InCalling, answer

router = APIRouter(tags=["documents"])

_MEDIA_TYPES = {name: t.media_types[0] for name, t in FILE_TYPES.items()}
_FORM = "multipart/form-data"
_FIELDS = 20
"""Maximum fields of a form; there are seven."""


class DocumentOptions(Strict):
    """How a file is translated: in the query, or as fields of a form beside the file."""

    target: Language
    source: Language | None = Field(None, description="Detected if not given.")
    model: str | None = Field(None, description="A model's id.")
    on_flag: OnFlag | None = None
    glossary: list[GlossaryName] = Field(
        default_factory=list, max_length=20, description="Names of your glossaries, one each."
    )
    label: bool = Field(False, description="Write language and `digitalSourceType` into the file.")
    priority: Queue = Queue.INTERACTIVE
    format: FileFormat | None = Field(
        None, description="Taken from the file's name or its media type if not given."
    )


_SCHEMA = DocumentOptions.model_json_schema(ref_template="#/components/schemas/{model}")
_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": schema,
            "description": "Required, here or in the form." if name == "target" else "",
        }
        for name, schema in _SCHEMA["properties"].items()
    ],
    "requestBody": {
        "required": True,
        "description": "The file as it is, or a form with the file and the parameters as fields.",
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file", "target"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **_SCHEMA["properties"],
                    },
                }
            },
            **{
                media_type: {"schema": {"type": "string", "format": "binary"}}
                for media_type in _MEDIA_TYPES.values()
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file as it was sent, with the options beside it."""

    data: bytes
    media_type: str
    name: str
    options: dict[str, Any]


@router.post(
    "/v1/documents",
    operation_id="translateDocument",
    status_code=202,
    response_model=Job,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.TRANSLATE))],
    openapi_extra=_BODY,
)
async def translate(
    request: Request, context: InContext, calling: InCalling, response: Response
) -> Job | Response:
    """Translate a file. When the job has succeeded, `/v1/jobs/{id}/result` has the translated file."""
    sent = await _read(request)
    try:
        options = DocumentOptions.model_validate(sent.options)
    except ValidationError as error:
        raise invalid_request(error.errors(), "query") from None
    known = (
        options.format or format_of_media_type(sent.media_type) or format_of_name(sent.name or "")
    )
    if known is None:
        raise UnsupportedMediaType(
            f"Send a document as {', '.join(_MEDIA_TYPES.values())}, or give `format`."
        )
    try:
        body = QueuedTranslation(
            **options.model_dump(exclude={"format", "glossary"}),
            glossaries=options.glossary,
            document=from_bytes(sent.data, known),
            format=known,
        )
    except ValidationError as error:  # of a document that is empty, for one
        raise invalid_request(error.errors(), "body") from None
    prepared = await run_in_threadpool(prepare, context, calling.client, body)
    return await answer(context, calling, response, Task.TRANSLATE, prepared)


def _options(given: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The parameters by name; of those that come again the last, and all glossaries."""
    options: dict[str, Any] = {}
    for name, value in given:
        options[name] = [*options.get(name, []), value] if name == "glossary" else value
    return options


async def _read(request: Request) -> _Sent:
    """Read the file of a request: its body, or the field `file` of a form."""
    query = request.query_params.multi_items()
    media_type = request.headers.get("content-type", "")
    if not media_type.lower().startswith(_FORM):
        return _Sent(await request.body(), media_type, "", _options(query))
    try:
        async with request.form(max_files=1, max_fields=_FIELDS) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise InvalidRequest("The form has no file: send it as the field `file`.")
            fields = [(name, value) for name, value in form.multi_items() if name != "file"]
            options = _options([*query, *fields])
            return _Sent(await file.read(), file.content_type or "", file.filename or "", options)
    except HTTPException as error:
        raise InvalidRequest(f"The form is invalid: {error.detail}") from None


@router.get(
    "/v1/jobs/{job_id}/result",
    operation_id="readDocument",
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
