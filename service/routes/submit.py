"""What the routes that start a job share: queue it, and wait for it if the caller would."""

import re
from typing import Annotated, Any

from fastapi import Header, Response
from fastapi.concurrency import run_in_threadpool

from service.auth import require
from service.context import Context
from service.jobs import Job, Queue, Task
from service.keys import Client, Scope
from service.quotas import fields
from service.schemas import Source
from service.watch import finished

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?:$|[,;])", re.IGNORECASE)

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Job, "description": "Finished within the time of `Prefer: wait=N`."},
    202: {"model": Job, "description": "Queued: `Location` is where the job can be followed."},
}
"""The two good answers, for OpenAPI."""


Prefer = Annotated[
    str | None, Header(description="`wait=N`: answer when finished, or after N seconds.")
]
"""The `Prefer` header of RFC 7240."""


def preferred_wait(prefer: str | None, most: int) -> int:
    """The seconds of `Prefer: wait=N` (RFC 7240), at most `most`; 0 if the caller would not wait."""
    found = _WAIT.search(prefer or "")
    return min(int(found.group(1)), most) if found else 0


async def wait_as_preferred(
    context: Context, response: Response, prefer: str | None, job_id: str
) -> Job:
    """The job, once it is finished or the preferred time is over."""
    wait = preferred_wait(prefer, context.settings.max_wait_seconds)
    if wait:
        response.headers["Preference-Applied"] = f"wait={wait}"
    return await finished(context, job_id, wait)


async def submit(
    context: Context,
    client: Client,
    response: Response,
    prefer: str | None,
    task: Task,
    request: Source,
) -> Job:
    """Queue the client's job; 200 if it is finished within the preferred time, else 202."""
    queue = request.priority
    if queue is Queue.BATCH:
        require(client, Scope.BATCH)
    characters = sum(len(text) for text in request.fields().values())
    standing = await run_in_threadpool(context.quotas.spend, client, "characters", characters)
    for name, value in fields(standing).items():
        response.headers.append(name, value)
    job = await run_in_threadpool(context.enqueuer.enqueue, task, queue, request)
    job = await wait_as_preferred(context, response, prefer, job.id)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    response.status_code = 200 if job.state.finished else 202
    return job
