"""`/v1/jobs`: the state of a job, its events, its deletion."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.errors import JobNotFound, Unauthorized, problem
from service.front.auth import Caller, KeyCheck
from service.front.context import InContext
from service.front.waiting import job_changes
from service.jobs.views import Job, JobPage
from service.routes.submit import Prefer, wait_as_preferred

router = APIRouter(tags=["jobs"])


def _own(job_id: str, context: InContext, client: Caller) -> str:
    """Return the id of a job, once it is known to exist and to be the caller's."""
    context.store.check_owner(job_id, client.name)
    return job_id


OwnJob = Annotated[str, Depends(_own)]


@router.get("/v1/jobs", operation_id="listJobs")
def list_jobs(
    context: InContext,
    client: Caller,
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JobPage:
    """Your jobs, the newest first, without their results."""
    return context.store.listed(client.name, page, size)


@router.get("/v1/jobs/{job_id}", operation_id="readJob")
async def read(
    job_id: OwnJob, context: InContext, response: Response, prefer: Prefer = None
) -> Job:
    """Return a job: its state, its progress, and its result or error.

    With `Prefer: wait=N` the answer comes when the job has finished, or after N seconds.
    """
    return await wait_as_preferred(context, response, prefer, job_id)


@router.delete("/v1/jobs/{job_id}", operation_id="deleteJob", status_code=204)
def delete(job_id: OwnJob, context: InContext) -> None:
    """Cancel a job and delete its text and its result."""
    context.store.delete(job_id)


@router.get(
    "/v1/jobs/{job_id}/events", operation_id="followJob", response_class=EventSourceResponse
)
async def follow(
    job_id: OwnJob, context: InContext, check_key: KeyCheck
) -> AsyncIterator[ServerSentEvent]:
    """Send server-sent events: `progress` at each change, then `finished`, `deleted` or `error`."""
    try:
        async for job in job_changes(context, job_id, check_key):
            yield ServerSentEvent(
                event="finished" if job.state.finished else "progress",
                data=job.model_dump(mode="json", exclude_none=True),
            )
    except JobNotFound:
        yield ServerSentEvent(event="deleted", data={"id": job_id})
    except Unauthorized as error:  # the key was revoked meanwhile
        yield ServerSentEvent(event="error", data=problem(error))
