"""`/v1/summaries`."""

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from pipeline.languages import settle_summary
from service.front.auth import allowed
from service.front.context import InContext
from service.jobs.job import Job, Task
from service.jobs.keys import Scope
from service.jobs.requests import QueuedSummary
from service.routes.submit import RESPONSES, InCalling, submit

router = APIRouter(tags=["summaries"])


@router.post(
    "/v1/summaries",
    status_code=202,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.SUMMARIZE))],
)
async def summarize(
    body: QueuedSummary,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Summarize a text or an article. The result of the job is a `SummaryResult`."""
    request = await run_in_threadpool(settle_summary, body, context.catalogue)
    calling.client.require_for_summary(request)
    return await submit(context, calling, response, Task.SUMMARIZE, request)
