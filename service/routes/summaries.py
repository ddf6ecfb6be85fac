"""`/v1/summaries`."""

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from pipeline.languages import settle_summary
from service.front.auth import allowed
from service.front.context import InContext
from service.jobs.job import Task
from service.jobs.requests import QueuedSummary
from service.jobs.scopes import Scope
from service.jobs.views import Job
from service.pages.requests import SummaryOfPage, with_article
from service.routes.submit import RESPONSES, InCalling, answer

router = APIRouter(tags=["summaries"])


@router.post(
    "/v1/summaries",
    operation_id="summarize",
    status_code=202,
    response_model=Job,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.SUMMARIZE))],
)
async def summarize(
    body: SummaryOfPage,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job | Response:
    """Summarize a text, an article, a document or a web page. The result of the job is a `SummaryResult`."""
    summary = await with_article(context.pages, body, QueuedSummary)
    request = await run_in_threadpool(settle_summary, summary, context.catalogue)
    calling.client.require_for_summary(request)
    return await answer(context, calling, response, Task.SUMMARIZE, request)
