"""A version as it is followed: what a worker has translated so far, and what others change."""

from collections.abc import AsyncGenerator, Callable

from fastapi.concurrency import run_in_threadpool

from pipeline.results import TranslatedSegment
from service.errors import JobNotFound
from service.front.context import Context
from service.jobs.store import job_ref
from service.jobs.views import Progress
from service.storage.stories import TRANSLATING
from service.storage.tables import Segment
from service.stories.channel import channel_of
from service.stories.collecting import fill
from service.stories.reading import Reading
from service.stories.views import SegmentView, VersionUpdate, version_view


async def updates(
    context: Context, client: str, name: str, target: str, check: Callable[[], object]
) -> AsyncGenerator[VersionUpdate]:
    """Yield the version now and after each change.

    Changes that are not announced are seen after `keepalive_seconds`. Raises what `check` raises,
    StoryNotFound once the story is deleted, and VersionNotFound once a revision has no such version.
    """
    following = _Following(context, client, name, target)
    async with context.channels.pubsub(ignore_subscribe_messages=True) as channel:
        while True:
            names = await run_in_threadpool(following.channels)
            if not names <= {name.decode() for name in channel.channels}:
                await channel.subscribe(*names)
            await run_in_threadpool(check)
            update = await run_in_threadpool(following.read)
            if update is not None:
                yield update
            message = await channel.get_message(timeout=context.settings.keepalive_seconds)
            while message is not None:  # one read answers all messages so far
                message = await channel.get_message(timeout=0)


class _Following:
    """What a follower of a version has seen."""

    def __init__(self, context: Context, client: str, name: str, target: str) -> None:
        self._stories = context.stories
        self._store = context.store
        self._client = client
        self._name = name
        self._target = target
        self._seen: dict[int, tuple[object, ...]] = {}
        self._summary: object = None
        self._drafted: int | None = None
        self._segments: list[Segment] = []
        """The segments, as they were read last."""
        self._job: str | None = None
        self._parts = 0
        self._translated: dict[int, TranslatedSegment] = {}
        """What the job has published. It stays when the job ends, until the version has its result."""

    def channels(self) -> set[str]:
        """Return where changes of the version are announced."""
        with self._stories.database.reading() as session:
            story, _, version = Reading(session, self._client).rows(self._name, self._target)
        job = {job_ref(version.job).key} if version.job else set()
        return {channel_of(story.id)} | job

    def read(self) -> VersionUpdate | None:
        """Return what has changed since the last call; None where nothing has."""
        with self._stories.database.reading() as session:
            reading = Reading(session, self._client)
            story, revision, version = reading.rows(self._name, self._target)
            # The segments of a version change only when it is translated.
            if version.state != TRANSLATING or version.id != self._drafted:
                self._segments = reading.segments(version)
                self._drafted = version.id if version.state == TRANSLATING else None
        segments = self._segments
        progress = None
        if version.state == TRANSLATING and version.job is not None:
            progress = self._read_job(version.job, segments)
        view = version_view(story, revision, version, segments)
        now = {one.number: _shown(one) for one in view.segments}
        changed = [one for one in view.segments if self._seen.get(one.number) != now[one.number]]
        update = VersionUpdate(
            **view.model_dump(include=set(VersionUpdate.model_fields) - {"segments", "progress"}),
            progress=progress,
            segments=changed,
        )
        summary = update.model_dump(exclude={"segments"})
        if not changed and summary == self._summary:
            return None
        self._seen, self._summary = now, summary
        return update

    def _read_job(self, job: str, segments: "list[Segment]") -> Progress | None:
        """Fill in what the job has published; return its progress."""
        if job != self._job:
            self._job, self._parts, self._translated = job, 0, {}
        try:
            progress = self._store.get(job).progress
        except JobNotFound:  # it will be queued again
            return None
        for part in self._store.parts(job, self._parts):
            self._parts += 1
            self._translated |= dict(enumerate(part.segments, part.first))
        for segment in segments:
            found = self._translated.get(segment.position)
            if found is not None and found.source == segment.source:
                fill(segment, found)
        return progress


def _shown(segment: SegmentView) -> tuple[object, ...]:
    """Return what of a segment a follower is told again when it changes: not its place in the text."""
    flags = [(flag.code, flag.message) for flag in segment.flags]
    return segment.etag, segment.source, segment.target, segment.checked, flags
