"""`/v1/stories`: articles that are kept, with their versions in other languages."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

import redis
from fastapi import APIRouter, BackgroundTasks, Depends, Header, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import AfterValidator

from models.language_codes import regional_tag
from pipeline.requests import Language
from service.errors import (
    JobNotFound,
    StoryNotFound,
    TryLater,
    Unauthorized,
    VersionNotFound,
    problem,
)
from service.front.auth import Caller, KeyCheck, allowed
from service.front.context import Context, InContext
from service.front.following import updates
from service.front.waiting import all_finished
from service.jobs.keys import Client
from service.jobs.scopes import Scope
from service.pages.requests import StoryOfPage, with_article
from service.routes.submit import Prefer, preferred_wait
from service.storage.database import storable
from service.storage.stories import VersionFilter
from service.stories.channel import announce
from service.stories.checking import Checking
from service.stories.editing import Editing
from service.stories.provenance import Provenance, provenance_of
from service.stories.reading import Reading
from service.stories.requests import (
    Approval,
    ChangedBy,
    FlagChange,
    Replacement,
    SegmentEdit,
    SegmentSplit,
    StoryRequest,
)
from service.stories.views import (
    ReviewLog,
    RevisionView,
    StoryPage,
    StoryView,
    VersionState,
    VersionView,
)

log = logging.getLogger(__name__)

router = APIRouter(tags=["stories"], dependencies=[Depends(allowed(Scope.READ))])

Name = Annotated[
    str,
    Path(min_length=1, max_length=200, description="Your own id of the story."),
    AfterValidator(storable),
]
Target = Annotated[Language, Path(description="The language of the version.")]
Number = Annotated[int, Path(ge=0, description="The segment's number.")]
IfMatch = Annotated[
    str | None,
    Header(description="The story's `etag` as you read it: 412 where it is another by now."),
]


Seen = Annotated[
    str,
    Header(
        alias="If-Match",
        min_length=1,
        description="The `etag` of the segment or the version as you read it, or `*` to overwrite "
        "whatever is there: 412 where it is another by now.",
    ),
]


EDITS = Depends(allowed(Scope.EDIT))
APPROVES = Depends(allowed(Scope.APPROVE))


@router.put(
    "/v1/stories/{name}",
    operation_id="putStory",
    responses={201: {"model": StoryView}},
    dependencies=[EDITS],
)
async def put(
    name: Name,
    body: StoryOfPage,
    context: InContext,
    client: Caller,
    response: Response,
    prefer: Prefer = None,
    if_match: IfMatch = None,
) -> StoryView:
    """Send a story, or a new revision of it.

    Sentences that were there before keep their translations, corrections and approvals; only the others
    are translated. Read a version to see what has changed. With `Prefer: wait=N` the answer comes when
    the versions are translated, or after N seconds.
    """
    parts = context.stories
    story_request = await with_article(context.pages, body, StoryRequest)
    revised = await run_in_threadpool(parts.reviser.put, client, name, story_request, if_match)
    wait = preferred_wait(prefer, context.settings.max_wait_seconds)
    if wait and revised.jobs:
        response.headers["Preference-Applied"] = f"wait={wait}"
        with suppress(JobNotFound):  # deleted meanwhile, with the story or without
            await all_finished(context, revised.jobs, wait)
        await run_in_threadpool(parts.collector.collect_jobs, revised.jobs)

    def read() -> StoryView:
        with parts.database.reading() as session:
            return Reading(session, client.name).story(name)

    story = await run_in_threadpool(read)
    response.status_code = 201 if revised.is_new else 200
    response.headers["ETag"] = story.etag
    return story


@router.get("/v1/stories", operation_id="listStories")
def list_stories(
    context: InContext,
    client: Caller,
    query: Annotated[
        str,
        Query(
            max_length=200,
            description="Words of ids, titles and texts in all languages, or beginnings of words; "
            "case and accents make no difference.",
        ),
        AfterValidator(storable),
    ] = "",
    state: Annotated[VersionState | None, Query(description="Of one of its versions.")] = None,
    target: Annotated[Language | None, Query(description="The language of that version.")] = None,
    flags: Annotated[
        bool | None, Query(description="Whether that version has flags left: see `counts`.")
    ] = None,
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> StoryPage:
    """Your stories, the last changed first."""
    wanted = VersionFilter(regional_tag(target) if target else None, state, flags)
    with context.stories.database.reading() as session:
        return Reading(session, client.name).page(query, wanted, page, size)


@router.get("/v1/stories/{name}", operation_id="getStory")
def read_story(name: Name, context: InContext, client: Caller, response: Response) -> StoryView:
    """A story, and how its versions stand."""
    with context.stories.database.reading() as session:
        story = Reading(session, client.name).story(name)
    response.headers["ETag"] = story.etag
    return story


@router.delete(
    "/v1/stories/{name}", status_code=204, operation_id="deleteStory", dependencies=[APPROVES]
)
def delete(
    name: Name,
    context: InContext,
    client: Caller,
    memory: Annotated[
        bool, Query(description="Also forget what its corrections taught the memory.")
    ] = False,
) -> None:
    """Forget the story: its texts, versions, corrections, review logs and jobs."""
    context.stories.forgetting.delete(client.name, name, memory=memory)


@router.get("/v1/stories/{name}/revisions", operation_id="listRevisions")
def revisions(name: Name, context: InContext, client: Caller) -> list[RevisionView]:
    """What was sent, the newest first."""
    with context.stories.database.reading() as session:
        return Reading(session, client.name).revisions(name)


@router.get("/v1/stories/{name}/versions/{target}", operation_id="getVersion")
def version(
    name: Name,
    target: Target,
    context: InContext,
    client: Caller,
    response: Response,
    revision: Annotated[
        int | None,
        Query(ge=1, lt=2**31, description="An older revision; else the current one."),
    ] = None,
) -> VersionView:
    """A story in a language: its text, and every sentence with its state and what has changed."""
    with context.stories.database.reading() as session:
        found = Reading(session, client.name).version(name, target, revision)
    response.headers["ETag"] = found.etag
    return found


def _is_there(name: Name, target: Target, context: InContext, client: Caller) -> None:
    """Raise StoryNotFound or VersionNotFound before an event stream begins."""
    with context.stories.database.reading() as session:
        Reading(session, client.name).rows(name, target)


@router.get(
    "/v1/stories/{name}/versions/{target}/events",
    operation_id="followVersion",
    response_class=EventSourceResponse,
    dependencies=[Depends(_is_there)],
)
async def follow(
    name: Name, target: Target, context: InContext, client: Caller, check_key: KeyCheck
) -> AsyncIterator[ServerSentEvent]:
    """Send server-sent events: `version` now and at each change, `deleted` or `error` at the end.

    The data of `version` is a `VersionUpdate`: while the version is translated, each sentence comes as
    soon as it is ready; then whatever anyone changes.
    """
    try:
        async for update in updates(context, client.name, name, target, check_key):
            yield ServerSentEvent(event="version", data=update.model_dump(mode="json"))
    except (StoryNotFound, VersionNotFound):
        yield ServerSentEvent(event="deleted", data={"id": name})
    except Unauthorized as error:  # the key was revoked meanwhile
        yield ServerSentEvent(event="error", data=problem(error))


@router.get("/v1/stories/{name}/versions/{target}/reviews", operation_id="listReviews")
def reviews(name: Name, target: Target, context: InContext, client: Caller) -> ReviewLog:
    """Who changed what in the version, and when."""
    with context.stories.database.reading() as session:
        return Reading(session, client.name).reviews(name, target)


@router.get("/v1/stories/{name}/provenance", operation_id="getProvenance")
def provenance(name: Name, context: InContext, client: Caller) -> Provenance:
    """Who made the versions: models, memory, reviewers, sentence by sentence, with hashes."""
    with context.stories.database.reading() as session:
        return provenance_of(session, client.name, name, context.catalogue)


@dataclass(frozen=True, slots=True)
class _Changing:
    """A version that a caller changes."""

    context: Context
    client: Client
    name: str
    target: str
    seen: str
    response: Response
    background: BackgroundTasks

    def by(self, change: Callable[[Editing], None]) -> VersionView:
        """The version after the change, which is kept; what was written is then checked."""
        parts = self.context.stories
        with parts.database.writing() as session:
            editing = Editing(session, self.client, self.name, self.target, self.seen)
            change(editing)
        announce(self.context.store, editing.story.id)
        self.background.add_task(_ask_for_checks, parts.checking)
        with parts.database.reading() as session:
            version = Reading(session, self.client.name).version(self.name, self.target)
        self.response.headers["ETag"] = version.etag
        return version


def _ask_for_checks(checking: Checking) -> None:
    try:
        checking.ask()
    except (redis.RedisError, TryLater) as error:
        log.warning("An edited segment is checked later: %s", error)


def _changing(
    name: Name,
    target: Target,
    context: InContext,
    client: Annotated[Client, EDITS],
    seen: Seen,
    response: Response,
    background: BackgroundTasks,
) -> _Changing:
    return _Changing(context, client, name, target, seen, response, background)


Changed = Annotated[_Changing, Depends(_changing)]


@router.patch("/v1/stories/{name}/versions/{target}/segments/{number}", operation_id="editSegment")
def edit(number: Number, body: SegmentEdit, version: Changed) -> VersionView:
    """Correct or approve a segment. A correction is remembered at once.

    The checks run after the answer: read the version again for what they say.
    """
    if body.state == "approved":
        version.client.require(Scope.APPROVE)
    return version.by(lambda editing: editing.edit(number, body))


@router.post(
    "/v1/stories/{name}/versions/{target}/segments/{number}/join", operation_id="joinSegments"
)
def join(number: Number, body: ChangedBy, version: Changed) -> VersionView:
    """Make one segment of this one and the next."""
    return version.by(lambda editing: editing.join(number, body.author))


@router.post(
    "/v1/stories/{name}/versions/{target}/segments/{number}/split", operation_id="splitSegment"
)
def split(number: Number, body: SegmentSplit, version: Changed) -> VersionView:
    """Cut a segment in two."""
    return version.by(lambda editing: editing.split(number, body))


@router.post(
    "/v1/stories/{name}/versions/{target}/segments/{number}/flags", operation_id="settleFlag"
)
def settle_flag(number: Number, body: FlagChange, version: Changed) -> VersionView:
    """Dismiss a flag, or take that back. It stays dismissed in later revisions with the same sentence."""
    return version.by(lambda editing: editing.settle_flag(number, body))


@router.post(
    "/v1/stories/{name}/versions/{target}/approve",
    operation_id="approveVersion",
    dependencies=[APPROVES],
)
def approve(body: Approval, version: Changed) -> VersionView:
    """Approve every segment of the version, or every one without a flag left."""
    return version.by(lambda editing: editing.approve(body))


@router.post("/v1/stories/{name}/versions/{target}/replace", operation_id="replaceText")
def replace(body: Replacement, version: Changed) -> VersionView:
    """Replace a text wherever it stands in the version, as one change, which one undo takes back."""
    return version.by(lambda editing: editing.replace_text(body))


@router.post("/v1/stories/{name}/versions/{target}/undo", operation_id="undoChange")
def undo(body: ChangedBy, version: Changed) -> VersionView:
    """Take back the last change; again, the one before it."""
    return version.by(lambda editing: editing.undo(body.author))
