"""Queueing a job and waiting for it: what the routes that start jobs share."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from service.errors import StillRunning
from service.front.auth import Caller
from service.front.context import Context
from service.front.problems import ProblemResponse
from service.front.waiting import finished
from service.jobs.admission import Submission
from service.jobs.job import Queue, Task
from service.jobs.keys import Client
from service.jobs.quotas import fields
from service.jobs.requests import QueuedRequest
from service.jobs.scopes import Scope
from service.jobs.views import Job
from service.webhooks.addresses import check_url

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?:$|[,;])", re.IGNORECASE)

TEXT = "text/plain"

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Job,
        "description": "Finished within the time of `Prefer: wait=N`; with `Accept: text/plain` "
        "the text alone.",
        "content": {TEXT: {"schema": {"type": "string"}}},
    },
    202: {"model": Job, "description": "Queued: `Location` is where the job can be followed."},
}
"""The successful answers, for OpenAPI."""


Prefer = Annotated[
    str | None, Header(description="`wait=N`: answer when finished, or after N seconds.")
]
"""The `Prefer` header of RFC 7240."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The caller of a request that starts a job, and its header fields."""

    client: Client
    prefer: str | None
    idempotency_key: str | None
    wants_text: bool
    """Whether the answer is to be the text alone, once there is one."""


def preferred_wait(prefer: str | None, most: int) -> int:
    """Return the seconds of `Prefer: wait=N` (RFC 7240), at most `most`; 0 if there are none."""
    found = _WAIT.search(prefer or "")
    return min(int(found.group(1)), most) if found else 0


async def wait_as_preferred(
    context: Context, response: Response, prefer: str | None, job_id: str
) -> Job:
    """Return the job when it has finished or the preferred time is over."""
    wait = preferred_wait(prefer, context.settings.max_wait_seconds)
    if wait:
        response.headers["Preference-Applied"] = f"wait={wait}"
    return await finished(context, job_id, wait)


def get_calling(
    client: Caller,
    request: Request,
    prefer: Prefer = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="A name for this request: sent again with it, it returns the same job. "
            "Without a key, an identical request returns the same job for a minute.",
        ),
    ] = None,
) -> Calling:
    """Return the caller and the header fields of a request that starts a job."""
    wanted = request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip().lower()
    return Calling(client, prefer, idempotency_key, wanted == TEXT)


InCalling = Annotated[Calling, Depends(get_calling)]


async def submit(
    context: Context, calling: Calling, response: Response, task: Task, request: QueuedRequest
) -> Job:
    """Queue a job; answer 200 if it finishes within the preferred time, else 202."""
    if request.priority is Queue.BATCH:
        calling.client.require(Scope.BATCH)
    if request.callback is not None:
        check_url(request.callback.url, context.settings.webhook_allow)
    submission = Submission.of(
        calling.client, task, request, idempotency_key=calling.idempotency_key
    )
    admitted = await run_in_threadpool(context.enqueuer.enqueue, submission)
    for name, value in fields(admitted.standing).items():
        response.headers.append(name, value)
    job = await wait_as_preferred(context, response, calling.prefer, admitted.job.id)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    response.status_code = 200 if job.state.finished else 202
    return job


async def answer(
    context: Context, calling: Calling, response: Response, task: Task, request: QueuedRequest
) -> Job | Response:
    """Submit a job and answer with it, or as soon as there is one with its text alone.

    Raises StillRunning where the text takes longer than a request may wait.
    """
    if not calling.wants_text:
        return await submit(context, calling, response, task, request)
    patient = replace(calling, prefer=f"wait={context.settings.max_wait_seconds}")
    return _as_text(await submit(context, patient, response, task, request))


def _as_text(job: Job) -> Response:
    """The text of a job's result, or its problem."""
    if not job.state.finished:
        raise StillRunning
    if job.error is not None:
        return ProblemResponse(job.error.model_dump(), job.error.status)
    result = job.result or {}
    article = result.get("article") or {}
    parts = [article[name] for name in ("title", "deck", "body") if article.get(name)]
    return PlainTextResponse(result.get("text") or "\n\n".join(parts))
