"""`/v1/translations`."""

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from service.front.auth import allowed
from service.front.context import InContext
from service.jobs.job import Job, Task
from service.jobs.keys import Scope
from service.jobs.requests import QueuedTranslation
from service.prepare import prepare
from service.routes.submit import RESPONSES, InCalling, submit

router = APIRouter(tags=["translations"])


@router.post(
    "/v1/translations",
    status_code=202,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.TRANSLATE))],
)
async def translate(
    body: QueuedTranslation,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Translate a text or an article. The result of the job is a `TranslationResult`."""
    request = await run_in_threadpool(prepare, context, calling.client, body)
    return await submit(context, calling, response, Task.TRANSLATE, request)
