"""`/v1/stories/{id}/versions/{lang}/file`: a version as a file."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Response
from fastapi.concurrency import run_in_threadpool

from pipeline.documents.file_types import FILE_TYPES, to_bytes
from pipeline.requests import FileFormat
from pipeline.results import RenderedFile
from service.errors import StillTranslating, TryLater
from service.front.auth import Caller, allowed
from service.front.context import Context, InContext
from service.front.problems import ProblemResponse
from service.front.waiting import finished
from service.jobs.admission import Submission
from service.jobs.job import Task
from service.jobs.keys import Client
from service.jobs.requests import QueuedKnownTranslation
from service.jobs.scopes import Scope
from service.jobs.views import Job
from service.routes.stories import Name, Target
from service.storage.stories import FAILED, TRANSLATING
from service.storage.tables import Revision, Segment, Version
from service.stories.files import AnyFormat, label_of, labelled, new_file
from service.stories.reading import Reading
from service.stories.sources import known_now, request_of

router = APIRouter(tags=["stories"], dependencies=[Depends(allowed(Scope.READ))])


@router.get(
    "/v1/stories/{name}/versions/{target}/file",
    operation_id="downloadVersion",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {"application/octet-stream": {}}}},
)
async def download(
    name: Name,
    target: Target,
    context: InContext,
    client: Caller,
    format_: Annotated[
        AnyFormat | None,
        Query(
            alias="format",
            description="`txt`, `html`, `docx`, `xliff`, or the format that the story came in, which is "
            "also what comes if none is given.",
        ),
    ] = None,
    label: Annotated[
        bool, Query(description="Add a paragraph that says how the translation was made.")
    ] = False,
) -> Response:
    """The version as a file, with its text as it is now."""

    def read() -> tuple[Revision, Version, list[Segment]]:
        with context.stories.database.reading() as session:
            reading = Reading(session, client.name)
            _, revision, version = reading.rows(name, target)
            return revision, version, reading.segments(version)

    revision, version, segments = await run_in_threadpool(read)
    if version.state in {TRANSLATING, FAILED}:
        raise StillTranslating("The version is not translated: there is nothing to download yet.")
    note = label_of(revision, version, segments) if label else None
    came_as: FileFormat | None = revision.document.get("format")
    wanted = format_ or came_as or "txt"
    if came_as is not None and wanted == came_as:
        job = await _rendered(context, client, revision, version, segments)
        if job.result is None:
            problem = job.error.model_dump() if job.error else {}
            return ProblemResponse(problem, status_code=problem.get("status", 500))
        file = to_bytes(RenderedFile.model_validate(job.result).document, came_as)
        if note is not None:
            file = await run_in_threadpool(labelled, file, came_as, note)
        media_type = FILE_TYPES[came_as].media_types[0]
    else:
        file, media_type = await run_in_threadpool(
            new_file, wanted, revision, version, segments, note
        )
    ending = quote(f"{name}.{version.target}.{wanted}", safe="")
    return Response(
        file,
        media_type=media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{ending}"},
    )


async def _rendered(
    context: Context,
    client: Client,
    revision: Revision,
    version: Version,
    segments: Sequence[Segment],
) -> Job:
    """The ended job that has written the story's file anew; a worker does it, for it places the tags."""

    def queue() -> str:
        request = QueuedKnownTranslation(
            **request_of(revision, version.target).model_dump(),
            known=known_now(revision, version.target, segments),
        )
        submission = Submission.of(
            client, Task.RENDER, request, characters=0, idempotency_key=uuid4().hex
        )
        return context.enqueuer.enqueue(submission).job.id

    job_id = await run_in_threadpool(queue)
    try:
        job = await finished(context, job_id, context.settings.max_wait_seconds)
    finally:
        await run_in_threadpool(context.store.discard, [job_id])
    if not job.state.finished:
        raise TryLater("The file takes longer than a request may: try again.")
    return job
