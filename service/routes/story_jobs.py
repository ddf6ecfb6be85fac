"""`/v1/stories/{id}/versions/{lang}/…`: what a worker is asked about a version."""

from dataclasses import replace
from uuid import uuid4

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from pipeline.languages import settle_summary, settle_translation
from pipeline.requests import Article
from service.errors import InvalidRequest, StillTranslating
from service.front.auth import allowed
from service.front.context import Context, InContext
from service.jobs.job import Task
from service.jobs.requests import (
    QueuedAlternatives,
    QueuedRequest,
    QueuedSummary,
    QueuedTranslation,
)
from service.jobs.scopes import Scope
from service.jobs.views import Job
from service.routes.stories import EDITS, Name, Number, Target
from service.routes.submit import RESPONSES, Calling, InCalling, submit
from service.storage.stories import FAILED, TRANSLATING
from service.stories.reading import Reading
from service.stories.requests import AlternativesWish, ComparisonWish, SummaryWish
from service.stories.sources import request_of, texts_of_source
from service.stories.views import texts_of

router = APIRouter(tags=["stories"], dependencies=[Depends(allowed(Scope.READ))])


@router.post(
    "/v1/stories/{name}/versions/{target}/segments/{number}/alternatives",
    operation_id="findAlternatives",
    status_code=202,
    responses=RESPONSES,
    dependencies=[EDITS],
)
async def alternatives(
    name: Name,
    target: Target,
    number: Number,
    body: AlternativesWish,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Find other translations of a sentence, or of a part of it.

    The result of the job is an `AlternativesResult`; wait for it with `Prefer: wait=N`.
    """

    def prepare() -> tuple[int, QueuedAlternatives]:
        with context.stories.database.reading() as session:
            reading = Reading(session, calling.client.name)
            story, revision, version = reading.rows(name, target)
            segment = reading.segment(version, number)
        if segment.target is None:
            raise StillTranslating
        if body.part and not body.part[0] < body.part[1] <= len(segment.target):
            raise InvalidRequest(
                f"The target has {len(segment.target)} characters: give a `part` inside it."
            )
        wish = QueuedAlternatives(
            text=segment.source,
            current=segment.target,
            part=body.part,
            source=revision.source_language,
            target=version.target,
            model=body.model,
            on_flag="flag",
            furniture="keep",
        )
        return story.id, settle_translation(wish, context.catalogue)

    story_id, wish = await run_in_threadpool(prepare)
    return await _submit(context, calling, response, Task.ALTERNATIVES, story_id, wish)


@router.post(
    "/v1/stories/{name}/versions/{target}/comparisons",
    operation_id="compareVersion",
    status_code=202,
    responses=RESPONSES,
    dependencies=[EDITS],
)
async def compare(
    name: Name,
    target: Target,
    body: ComparisonWish,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Translate the story by another model, to be read beside the version, which stays as it is.

    The result of the job is a `TranslationResult`, without what the memory knows. Its segments are those of
    the version by `source_span`.
    """

    def prepare() -> tuple[int, QueuedTranslation]:
        with context.stories.database.reading() as session:
            story, revision, version = Reading(session, calling.client.name).rows(name, target)
            request = request_of(revision, version.target)
        fields = {**request.model_dump(), "model": body.model, "memory": False}
        wish = settle_translation(QueuedTranslation.model_validate(fields), context.catalogue)
        return story.id, context.stories.lookup.informed(calling.client, wish)

    story_id, wish = await run_in_threadpool(prepare)
    return await _submit(context, calling, response, Task.TRANSLATE, story_id, wish)


@router.post(
    "/v1/stories/{name}/versions/{target}/summaries",
    operation_id="summarizeVersion",
    status_code=202,
    responses=RESPONSES,
    dependencies=[Depends(allowed(Scope.SUMMARIZE))],
)
async def summarize(
    name: Name,
    target: Target,
    body: SummaryWish,
    context: InContext,
    calling: InCalling,
    response: Response,
) -> Job:
    """Summarize the version as it is now, or the story that it translates.

    The result of the job is a `SummaryResult`. The places of its `sources` are those of the segments'
    `target_span` or, in a summary of the source, `source_span`.
    """

    def prepare() -> tuple[int, QueuedSummary]:
        with context.stories.database.reading() as session:
            reading = Reading(session, calling.client.name)
            story, revision, version = reading.rows(name, target)
            segments = reading.segments(version)
        if body.of == "source":
            texts, language = texts_of_source(revision), revision.source_language
        elif version.state in {TRANSLATING, FAILED}:
            raise StillTranslating(
                "The version is not translated: there is nothing to summarize yet."
            )
        else:
            texts, language = texts_of(version, segments), version.target
        wish = QueuedSummary(
            text=texts.get("text"),
            article=None if "text" in texts else Article.model_validate(texts),
            source=language,
            style=body.style,
            length=body.length,
            headlines=body.headlines,
            model=body.model,
        )
        return story.id, settle_summary(wish, context.catalogue)

    story_id, wish = await run_in_threadpool(prepare)
    return await _submit(context, calling, response, Task.SUMMARIZE, story_id, wish)


async def _submit(
    context: Context,
    calling: Calling,
    response: Response,
    task: Task,
    story_id: int,
    request: QueuedRequest,
) -> Job:
    """Queue a job that is deleted with the story, and so is not shared with an identical request."""
    own = replace(calling, idempotency_key=calling.idempotency_key or uuid4().hex)
    job = await submit(context, own, response, task, request)
    await run_in_threadpool(context.stories.jobs.add, story_id, job.id)
    return job
