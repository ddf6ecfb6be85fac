"""`/v1/translations`."""

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from service.auth import allowed
from service.context import InContext
from service.jobs import Job, Task
from service.keys import Scope
from service.resolve import resolve_translation
from service.routes.submit import RESPONSES, InCalling, submit
from service.schemas import TranslationRequest

router = APIRouter(tags=["translations"])


@router.post(
    "/v1/translations",
    status_code=202,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.TRANSLATE))],
)
async def translate(
    body: TranslationRequest,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Translate a text or an article. The result of the job is a `TranslationResult`."""
    request = await run_in_threadpool(resolve_translation, body, context.catalogue)
    return await submit(context, calling, response, Task.TRANSLATE, request)
