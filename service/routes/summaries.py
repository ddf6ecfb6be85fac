"""`/v1/summaries`."""

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from service.auth import allowed
from service.context import InContext
from service.jobs import Job, Task
from service.keys import Scope
from service.resolve import resolve_summary
from service.routes.submit import RESPONSES, InCalling, submit
from service.schemas import SummaryRequest

router = APIRouter(tags=["summaries"])


@router.post(
    "/v1/summaries",
    status_code=202,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.SUMMARIZE))],
)
async def summarize(
    body: SummaryRequest,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Summarize a text or an article. The result of the job is a `SummaryResult`."""
    request = await run_in_threadpool(resolve_summary, body, context.catalogue)
    return await submit(context, calling, response, Task.SUMMARIZE, request)
