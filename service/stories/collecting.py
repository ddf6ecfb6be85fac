"""What workers give back for stories, kept: translations of versions, and checks of what was edited."""

import logging
import time
from collections.abc import Sequence

from pipeline.results import FieldSpan, Flag, TranslatedSegment, TranslationResult
from service.errors import JobNotFound
from service.jobs.keys import Client
from service.jobs.scopes import Scope
from service.jobs.store import JobStore
from service.jobs.views import Job
from service.storage.database import Database
from service.storage.stories import FAILED, TRANSLATING, Stories
from service.storage.tables import Object, Segment, Version
from service.stories.alignment import Change
from service.stories.channel import announce
from service.stories.flags import count_left
from service.stories.revising import Reviser
from service.stories.sources import request_of

log = logging.getLogger(__name__)


class Collector:
    """Moves results from jobs to versions."""

    def __init__(self, database: Database, store: JobStore, reviser: Reviser) -> None:
        self._database = database
        self._store = store
        self._reviser = reviser

    def pending(self) -> dict[str, int]:
        """The versions whose results are to be collected, by their jobs."""
        with self._database.reading() as session:
            return {v.job: v.id for v in Stories(session).translating() if v.job is not None}

    def collect_jobs(self, jobs: Sequence[str]) -> None:
        """Keep the results of these jobs, of those that have ended."""
        pending = self.pending()
        for job in jobs:
            if job in pending:
                self.collect(pending[job])

    def collect(self, version_id: int) -> None:
        """Keep the result of the version's job if it has ended; a job that is lost is queued anew."""
        with self._database.reading() as session:
            version = Stories(session).version_by_id(version_id)
        if version is None or version.state != TRANSLATING or version.job is None:
            return
        try:
            job = self._store.get(version.job)
        except JobNotFound:
            self._queue_again(version)
            return
        if job.state.finished:
            self._keep(version, job)

    def _keep(self, seen: Version, job: Job) -> None:
        self._write(seen, job)
        announce(self._store, seen.story_id)

    def _write(self, seen: Version, job: Job) -> None:
        with self._database.writing() as session:
            stories = Stories(session)
            version = stories.version_by_id(seen.id, lock=True)
            if version is None or version.state != TRANSLATING or version.job != job.id:
                return  # another front was faster, or the story was sent again
            version.edit += 1
            version.updated_at = time.time()
            if job.result is None:
                version.state = FAILED
                cancelled = {"code": job.state.value, "detail": "It was cancelled."}
                version.error = job.error.model_dump() if job.error else cancelled
                return
            result = TranslationResult.model_validate(job.result)
            drafts = stories.segments(version)
            if [draft.source for draft in drafts] != [one.source for one in result.segments]:
                # The worker is of another Dragoman, which cuts sentences otherwise.
                for draft in drafts:
                    session.delete(draft)
                drafts = [_blank(version, n, one) for n, one in enumerate(result.segments)]
            texts = result.article.fields() if result.article else {"text": result.text or ""}
            written = dict.fromkeys(texts, 0)
            for row, segment in zip(drafts, result.segments, strict=True):
                place = segment.target_span
                row.before = texts[place.field][written[place.field] : place.start]
                written[place.field] = place.end
                fill(row, segment)
            stories.add(*drafts)
            version.tails = {field: text[written[field] :] for field, text in texts.items()}
            version.record = {
                **version.record,
                **result.model_dump(mode="json", include={"route", "furniture"}),
            }
            version.state = state_of(drafts)
            version.flags_left = count_left(drafts)
            stories.index(stories.story_of(version)[0])

    def _queue_again(self, seen: Version) -> None:
        log.warning("A story's job is lost: it is queued anew")
        with self._database.reading() as session:
            stories = Stories(session)
            story, revision = stories.story_of(seen)
            segments = stories.segments(seen)
        client = Client(story.client, frozenset(Scope))
        request = request_of(revision, seen.target)
        job = self._reviser.enqueued(client, request, segments)
        with self._database.writing() as session:
            version = Stories(session).version_by_id(seen.id, lock=True)
            if version is not None and version.job == seen.job:
                version.job = job
                return
        # Another front was faster, or the story was sent again or deleted.
        self._store.discard([job])


def state_of(segments: Sequence[Segment]) -> str:
    """The state of a version with these segments."""
    states = {segment.state for segment in segments}
    if states == {"approved"}:
        return "approved"
    return "edited" if any(segment.origin == "edited" for segment in segments) else "draft"


def relative(flag: Flag, source: int, target: int) -> Object:
    """A flag with places counted from its segment, which begins at these places of both fields."""
    return {
        "code": flag.code,
        "severity": flag.severity,
        "message": flag.message,
        "source": _moved(flag.source_span, source),
        "target": _moved(flag.target_span, target),
    }


def _moved(span: FieldSpan | None, start: int) -> list[int] | None:
    return None if span is None else [span.start - start, span.end - start]


def fill(row: Segment, segment: TranslatedSegment) -> None:
    """Put what a worker gave into a segment that waits for it."""
    source, target = segment.source_span.start, segment.target_span.start
    row.flags = [relative(flag, source, target) for flag in segment.flags]
    if row.target is None:
        row.target = segment.target
        row.machine = segment.target
        row.details = segment.model_dump(
            mode="json", include={"score", "models", "repairs", "memory"}
        )


def _blank(version: Version, number: int, segment: TranslatedSegment) -> Segment:
    span = segment.source_span
    return Segment(
        version_id=version.id,
        position=number,
        field=span.field,
        source=segment.source,
        start=span.start,
        end=span.end,
        # Its paragraph is not known here; the next revision tells it.
        block=number,
        kind=segment.kind,
        origin=segment.origin,
        state="draft",
        change=Change.CHANGED.value,
        previous=None,
        edit=0,
    )
