"""What callers are shown of stories."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from models.language_codes import region_subtag
from pipeline.memory import MemoryMatch, Origin
from pipeline.requests import Article, FileFormat, Page
from pipeline.results import FieldSpan, Flag, FurnitureLine, Repair, RouteLeg
from service.jobs.views import Progress
from service.storage.tables import Object, Review, Revision, Segment, Story, Version
from service.stories.alignment import Change
from service.stories.flags import count_left, is_dismissed

SegmentState = Literal["draft", "edited", "approved"]
VersionState = Literal["translating", "failed", "draft", "edited", "approved"]


class Previous(BaseModel):
    """A sentence of the revision before, with its translation."""

    source: str
    target: str | None
    state: SegmentState


class SegmentFlag(Flag):
    """A flag of a segment."""

    dismissed: bool = Field(description="Whether an editor has dismissed it.")


class SegmentView(BaseModel):
    """A sentence of a version."""

    number: int = Field(description="Its place in the version, from 0.")
    etag: str = Field(description="For `If-Match` when you change it.")
    block: int = Field(description="Segments with the same number stand in one paragraph.")
    kind: str = Field(description="The kind of the paragraph, as of a translation's segment.")
    source: str
    target: str | None = Field(description="The current text; null until it is translated.")
    machine: str | None = Field(description="What the model wrote; null where it was not asked.")
    origin: Origin
    state: SegmentState
    change: Change = Field(description="What became of the sentence in this revision.")
    previous: Previous | None = Field(description="What it was, where it is another now.")
    source_span: FieldSpan
    target_span: FieldSpan | None
    checked: bool = Field(description="Whether the checks ran on the current text.")
    flags: list[SegmentFlag]
    score: float | None
    models: list[str]
    repairs: list[Repair]
    memory: MemoryMatch | None
    author: str | None = Field(description="Who changed it last; null where nobody did.")
    edited_at: datetime | None


class Counts(BaseModel):
    """How many segments a version has, and of which kinds."""

    segments: int
    edited: int
    approved: int
    flagged: int
    flags_left: int = Field(
        description="Flags that are not dismissed, of segments that are not approved."
    )
    from_memory: int
    changed: int = Field(description="Those that are not as they were in the revision before.")


class VersionSummary(BaseModel):
    """A version, without its text."""

    target: str = Field(description="Its language, with the region if it has one: `es-MX`.")
    region: str | None = Field(None, description="That of the target: `MX`.")
    state: VersionState
    etag: str
    job: str | None = Field(description="The job that translates it, to be followed.")
    error: dict[str, Any] | None = Field(description="Why it could not be translated: a problem.")
    updated_at: datetime
    counts: Counts


class VersionView(VersionSummary):
    """A version, whole."""

    story: str
    revision: int
    source: str = Field(description="The language of the story.")
    format: FileFormat | None = Field(description="Of the document that the story came as.")
    text: str | None
    article: Article | None
    segments: list[SegmentView]
    removed: list[Previous] = Field(description="Sentences of the revision before that are gone.")
    route: list[RouteLeg]
    furniture: list[FurnitureLine]


class VersionUpdate(VersionSummary):
    """A version as it is followed."""

    story: str
    revision: int
    progress: Progress | None = Field(description="Of its translation; null where none runs.")
    segments: list[SegmentView] = Field(
        description="Those that are new or have changed since the event before; `counts.segments` "
        "says how many there are. The places of one segment belong together, and may have moved in "
        "others that are not sent again."
    )


class RevisionView(BaseModel):
    """What was sent at one time."""

    number: int
    source: str
    text: str | None
    article: Article | None
    page: Page | None = Field(None, description="About the web page that the article is from.")
    author: str
    created_at: datetime
    versions: list[VersionSummary]


class StoryHead(BaseModel):
    """A story, as a list shows it."""

    id: str
    title: str
    revision: int
    etag: str
    created_at: datetime
    updated_at: datetime
    versions: list[VersionSummary]


class StoryView(StoryHead):
    """A story, with the text of its current revision."""

    source: str
    text: str | None
    article: Article | None
    format: FileFormat | None = Field(description="Of the document that it came as.")
    model: str | None = Field(None, description="The model that it was sent with.")
    glossaries: list[str] = Field(
        default_factory=list, description="The glossaries that it was sent with."
    )


class StoryPage(BaseModel):
    """Some of a client's stories."""

    stories: list[StoryHead]
    page: int
    total: int = Field(description="Stories on all pages.")


class ReviewEntry(BaseModel):
    """An entry of the review log."""

    id: int
    action: Literal[
        "edit", "approve", "reopen", "join", "split", "replace", "dismiss", "flag", "undo"
    ]
    number: int = Field(description="The first segment that it changed.")
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    undoes: int | None
    author: str
    at: datetime


class ReviewLog(BaseModel):
    """Who changed what in a version, the oldest first."""

    entries: list[ReviewEntry]


def story_etag(story: Story) -> str:
    """Changes with each revision."""
    return f'"{story.id}-{story.edit}"'


def version_etag(version: Version) -> str:
    """Changes with everything in the version."""
    return f'"v{version.id}-{version.edit}"'


def segment_etag(segment: Segment) -> str:
    """Changes with the segment."""
    return f'"s{segment.id}-{segment.edit}"'


def texts_of(version: Version, segments: Sequence[Segment]) -> dict[str, str]:
    """The version's texts by field."""
    texts: dict[str, str] = {}
    for segment in segments:
        written = texts.get(segment.field, "")
        texts[segment.field] = written + segment.before + (segment.target or "")
    return {field: texts.get(field, "") + tail for field, tail in version.tails.items()}


def counts_of(segments: Sequence[Segment]) -> Counts:
    """How many of them are of which kind."""
    return Counts(
        segments=len(segments),
        edited=sum(segment.origin == "edited" for segment in segments),
        approved=sum(segment.state == "approved" for segment in segments),
        flagged=sum(bool(segment.flags) for segment in segments),
        flags_left=count_left(segments),
        from_memory=sum(segment.origin == "memory" for segment in segments),
        changed=sum(segment.change != Change.UNCHANGED for segment in segments),
    )


def summary_of(version: Version, segments: Sequence[Segment]) -> VersionSummary:
    """The version without its text."""
    return VersionSummary(
        target=version.target,
        region=region_subtag(version.target),
        state=version.state,
        etag=version_etag(version),
        job=version.job,
        error=version.error,
        updated_at=moment(version.updated_at),
        counts=counts_of(segments),
    )


def version_view(
    story: Story, revision: Revision, version: Version, segments: Sequence[Segment]
) -> VersionView:
    """The version, whole."""
    texts = texts_of(version, segments) if version.tails else {}
    return VersionView(
        **summary_of(version, segments).model_dump(),
        story=story.name,
        revision=revision.number,
        source=revision.source_language,
        format=revision.document.get("format"),
        text=texts.get("text"),
        article=Article.model_construct(None, **texts) if texts and "text" not in texts else None,
        segments=_placed(segments),
        removed=version.record.get("removed", []),
        route=version.record.get("route", []),
        furniture=version.record.get("furniture", []),
    )


def revision_view(revision: Revision, versions: list[VersionSummary]) -> RevisionView:
    """What was sent at one time."""
    return RevisionView(
        number=revision.number,
        source=revision.source_language,
        text=revision.document.get("text"),
        article=revision.document.get("article"),
        page=revision.document.get("page"),
        author=revision.author,
        created_at=moment(revision.created_at),
        versions=versions,
    )


def head_view(story: Story, versions: list[VersionSummary]) -> StoryHead:
    """The story, as a list shows it."""
    return StoryHead(
        id=story.name,
        title=story.title,
        revision=story.revision,
        etag=story_etag(story),
        created_at=moment(story.created_at),
        updated_at=moment(story.updated_at),
        versions=versions,
    )


def story_view(story: Story, revision: Revision, versions: list[VersionSummary]) -> StoryView:
    """The story, with the text of its current revision."""
    return StoryView(
        **head_view(story, versions).model_dump(),
        source=revision.source_language,
        text=revision.document.get("text"),
        article=revision.document.get("article"),
        format=revision.document.get("format"),
        model=revision.document.get("model"),
        glossaries=revision.document.get("glossaries", []),
    )


def review_entry(review: Review) -> ReviewEntry:
    """An entry of the log."""
    return ReviewEntry(
        id=review.id,
        action=review.action,
        number=review.position,
        before=review.before,
        after=review.after,
        undoes=review.undoes,
        author=review.author,
        at=moment(review.created_at),
    )


def segment_view(segment: Segment, start: int | None = None) -> SegmentView:
    """The segment; `start` is where its target begins in its field."""
    source = FieldSpan(field=segment.field, start=segment.start, end=segment.end)
    target = None
    if start is not None and segment.target is not None:
        target = FieldSpan(field=segment.field, start=start, end=start + len(segment.target))
    return SegmentView(
        number=segment.position,
        etag=segment_etag(segment),
        block=segment.block,
        kind=segment.kind,
        source=segment.source,
        target=segment.target,
        machine=segment.machine,
        origin=segment.origin,
        state=segment.state,
        change=segment.change,
        previous=segment.previous,
        source_span=source,
        target_span=target,
        checked=segment.flags is not None,
        flags=[_flag(segment, flag, source, target) for flag in segment.flags or []],
        score=segment.details.get("score"),
        models=segment.details.get("models", []),
        repairs=segment.details.get("repairs", []),
        memory=segment.details.get("memory"),
        author=segment.author,
        edited_at=None if segment.edited_at is None else moment(segment.edited_at),
    )


def moment(seconds: float) -> datetime:
    """The time, as callers are shown it."""
    return datetime.fromtimestamp(seconds, UTC)


def _placed(segments: Sequence[Segment]) -> list[SegmentView]:
    """The segments, each with its place in its field."""
    lengths: dict[str, int] = {}
    views = []
    for segment in segments:
        start = lengths.get(segment.field, 0) + len(segment.before)
        views.append(segment_view(segment, start))
        lengths[segment.field] = start + len(segment.target or "")
    return views


def _flag(
    segment: Segment, flag: Object, source: FieldSpan, target: FieldSpan | None
) -> SegmentFlag:
    return SegmentFlag(
        code=flag["code"],
        severity=flag["severity"],
        message=flag["message"],
        source_span=_moved(flag["source"], source),
        target_span=_moved(flag["target"], target),
        dismissed=is_dismissed(segment, flag),
    )


def _moved(part: list[int] | None, span: FieldSpan | None) -> FieldSpan | None:
    if part is None or span is None:
        return None
    return FieldSpan(field=span.field, start=span.start + part[0], end=span.start + part[1])
