"""`/v1/translations`."""

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from service.front.auth import allowed
from service.front.context import InContext
from service.jobs.job import Task
from service.jobs.requests import QueuedTranslation
from service.jobs.scopes import Scope
from service.jobs.views import Job
from service.pages.requests import TranslationOfPage, with_article
from service.prepare import prepare
from service.routes.submit import RESPONSES, InCalling, answer

router = APIRouter(tags=["translations"])


@router.post(
    "/v1/translations",
    operation_id="translate",
    status_code=202,
    response_model=Job,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.TRANSLATE))],
)
async def translate(
    body: TranslationOfPage,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job | Response:
    """Translate a text, an article or a web page. The result of the job is a `TranslationResult`."""
    translation = await with_article(context.pages, body, QueuedTranslation)
    request = await run_in_threadpool(prepare, context, calling.client, translation)
    return await answer(context, calling, response, Task.TRANSLATE, request)
