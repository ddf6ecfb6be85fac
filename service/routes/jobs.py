"""`/v1/jobs`: see how a job stands, follow it, forget it."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.errors import JobNotFound
from service.front.auth import Caller
from service.front.context import InContext
from service.jobs.events import job_changes
from service.jobs.job import Job
from service.routes.submit import Prefer, wait_as_preferred

router = APIRouter(tags=["jobs"])


def _own(job_id: str, context: InContext, client: Caller) -> str:
    """The job's id, once it is known to be there and the caller's."""
    context.store.check_owner(job_id, client.name)
    return job_id


OwnJob = Annotated[str, Depends(_own)]


@router.get("/v1/jobs/{job_id}")
async def read(
    job_id: OwnJob, context: InContext, response: Response, prefer: Prefer = None
) -> Job:
    """The job: its state, how far it is, and its result or its error.

    With `Prefer: wait=N` the answer comes when the job is finished, or after N seconds.
    """
    return await wait_as_preferred(context, response, prefer, job_id)


@router.delete("/v1/jobs/{job_id}", status_code=204)
def forget(job_id: OwnJob, context: InContext) -> None:
    """Cancel the job, and forget its text and its result."""
    context.store.delete(job_id)


@router.get("/v1/jobs/{job_id}/events", response_class=EventSourceResponse)
async def follow(job_id: OwnJob, context: InContext) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `progress` at every change, then `finished`, or `deleted`."""
    try:
        async for job in job_changes(context, job_id):
            yield ServerSentEvent(
                event="finished" if job.state.finished else "progress",
                data=job.model_dump(mode="json", exclude_none=True),
            )
    except JobNotFound:
        yield ServerSentEvent(event="deleted", data={"id": job_id})
