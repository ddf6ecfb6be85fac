"""`/v1/summaries`."""

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from service.auth import Summarizer
from service.context import InContext
from service.jobs import Job, Task
from service.resolve import resolve_summary
from service.routes.submit import RESPONSES, Prefer, submit
from service.schemas import SummaryRequest

router = APIRouter(tags=["summaries"])


@router.post("/v1/summaries", status_code=202, responses=RESPONSES)
async def summarize(
    body: SummaryRequest,
    context: InContext,
    client: Summarizer,
    response: Response,
    prefer: Prefer = None,
) -> Job:
    """Summarize a text or an article. The result of the job is a `SummaryResult`."""
    request = await run_in_threadpool(resolve_summary, body, context.catalogue)
    return await submit(context, client, response, prefer, Task.SUMMARIZE, request)
