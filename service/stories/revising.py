"""A story as it is sent: a new one, or a new revision of one that is there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from models.catalogue import Catalogue
from pipeline.documents.formats import parse
from pipeline.languages import settle_translation, source_of, tag_of
from pipeline.memory import KnownSentence
from pipeline.requests import TranslationRequest
from pipeline.segments import as_sent, split
from service.errors import PreconditionFailed, TryLater
from service.jobs.admission import Submission
from service.jobs.enqueue import Enqueuer
from service.jobs.job import Task
from service.jobs.keys import Client
from service.jobs.requests import QueuedKnownTranslation
from service.jobs.store import JobStore
from service.lookup import Lookup, spaces_of
from service.storage.database import Database
from service.storage.memory import Memory
from service.storage.stories import FAILED, TRANSLATING, Stories
from service.storage.tables import Object, Revision, Segment, Story, Version
from service.stories.channel import announce
from service.stories.drafts import drafts, known_of, use_memory
from service.stories.requests import StoryRequest
from service.stories.views import story_etag

_TITLE = 200
"""Characters of a title that is taken from the text."""
_ATTEMPTS = 5
"""How often a revision is begun anew because another one came between."""


@dataclass(slots=True)
class _Version:
    """A version to be written, with its job."""

    target: str
    """The tag of its language."""
    request: TranslationRequest
    segments: list[Segment]
    removed: list[Object]
    job: str = ""


@dataclass(frozen=True, slots=True)
class Revised:
    """What became of a story that was sent."""

    is_new: bool
    """Whether there was no such story."""
    jobs: list[str]
    """The jobs that translate it; none where nothing has changed."""


class Reviser:
    """Takes stories in.

    Everything is prepared and queued first; then one transaction writes it, if the story is still as it
    was when it was read. A front that is killed leaves the story as it was or as it was sent.
    """

    def __init__(
        self,
        database: Database,
        store: JobStore,
        enqueuer: Enqueuer,
        catalogue: Catalogue,
        lookup: Lookup,
    ) -> None:
        self._database = database
        self._store = store
        self._enqueuer = enqueuer
        self._catalogue = catalogue
        self._lookup = lookup

    def put(self, client: Client, name: str, body: StoryRequest, if_match: str | None) -> Revised:
        """Take a story in.

        Raises what settling a translation and queueing its job do; PreconditionFailed where `if_match`
        is not the story's ETag.
        """
        requests = {
            tag_of(request.target, request.region): request
            for request in (
                settle_translation(body.translation(target), self._catalogue)
                for target in body.targets
            )
        }
        for _ in range(_ATTEMPTS):
            seen = self._seen(client, name, body, if_match)
            wanted = {tag: r for tag, r in requests.items() if tag not in seen.done}
            if seen.is_same and not wanted:
                return Revised(is_new=False, jobs=[])
            versions = [self._prepared(client, seen, *one) for one in wanted.items()]
            try:
                for version in versions:
                    version.job = self.enqueued(client, version.request, version.segments)
                if self._written(client, name, body, seen, versions):
                    jobs = [version.job for version in versions]
                    return Revised(is_new=seen.etag is None, jobs=jobs)
            except BaseException:
                self._dropped(versions)
                raise
            self._dropped(versions)
        raise TryLater("The story is changed by others again and again: try again.")

    def _seen(self, client: Client, name: str, body: StoryRequest, if_match: str | None) -> "_Seen":
        with self._database.reading() as session:
            stories = Stories(session)
            story = stories.find(client.name, name)
            etag = story_etag(story) if story else None
            if if_match not in (None, etag) and not (if_match == "*" and story):
                current = stories.revision(story).document if story else {}
                raise PreconditionFailed(
                    current={"etag": etag, **current} if story else None, yours=_document(body)
                )
            if story is None:
                return _Seen()
            revision = stories.revision(story)
            is_same = _without_page(revision.document) == _without_page(_document(body))
            versions = stories.versions(revision.id)
            return _Seen(
                etag=etag,
                is_same=is_same,
                done={v.target for v in versions if is_same and v.state != FAILED},
                olds={v.target: stories.segments(v) for v in versions},
            )

    def _prepared(
        self, client: Client, seen: "_Seen", target: str, request: TranslationRequest
    ) -> _Version:
        source = source_of(request)
        document = parse(request)
        texts = [as_sent(document, segment) for segment in split(document, source)]
        segments, gone = drafts(seen.olds.get(target, []), texts, document.blocks, request.target)
        if request.memory:
            use_memory(segments, self._known(client, request, segments))
        return _Version(target, request, segments, gone)

    def _known(
        self, client: Client, request: TranslationRequest, segments: Sequence[Segment]
    ) -> dict[int, KnownSentence]:
        unknown = {n: one.source for n, one in enumerate(segments) if one.target is None}
        with self._database.reading() as session:
            memory = Memory(session)
            spaces = spaces_of(memory, client, request)
            if not unknown or not spaces:
                return {}
            texts = [segment.source for segment in segments]
            found = self._lookup.of_sentences(memory, spaces, texts, unknown)
            return {number: found[number] for number in unknown if number in found}

    def enqueued(
        self, client: Client, request: TranslationRequest, segments: Sequence[Segment]
    ) -> str:
        """The id of a job that translates what the segments lack; only that counts for quotas."""
        known = known_of(segments)
        texts = [segment.source for segment in segments]
        knowledge = self._lookup.of_glossaries(client, request, texts)
        knowledge.known = known
        queued = QueuedKnownTranslation(
            **request.model_dump(), **knowledge.model_dump(), in_parts=True
        )
        submission = Submission.of(
            client,
            Task.TRANSLATE,
            queued,
            characters=sum(len(one.source) for one in segments if one.target is None),
            # A job of its own: it is deleted with the story.
            idempotency_key=uuid4().hex,
        )
        return self._enqueuer.enqueue(submission).job.id

    def _written(
        self,
        client: Client,
        name: str,
        body: StoryRequest,
        seen: "_Seen",
        versions: Sequence[_Version],
    ) -> bool:
        """Whether the story was as it was seen, and is written."""
        try:
            return self._write(client, name, body, seen, versions)
        except IntegrityError:  # another caller has created the same story
            return False

    def _write(
        self,
        client: Client,
        name: str,
        body: StoryRequest,
        seen: "_Seen",
        versions: Sequence[_Version],
    ) -> bool:
        now = time.time()
        author = body.author or client.name
        with self._database.writing() as session:
            stories = Stories(session)
            story = stories.find(client.name, name, lock=True)
            if (story_etag(story) if story else None) != seen.etag:
                return False
            if story is None:
                story = Story(client=client.name, name=name, revision=0, edit=0, created_at=now)
            story.edit += 1
            story.updated_at = now
            story.title = body.title or _first_sentence(versions[0].segments)
            if not seen.is_same:
                story.revision += 1
            stories.add(story)
            if seen.is_same:
                revision = stories.revision(story)
                for old in stories.versions(revision.id):
                    if old.target in {version.target for version in versions}:
                        session.delete(old)
                session.flush()
            else:
                revision = Revision(
                    story_id=story.id,
                    number=story.revision,
                    source_language=source_of(versions[0].request),
                    document=_document(body),
                    author=author,
                    created_at=now,
                )
                stories.add(revision)
            for version in versions:
                self._add(stories, revision, version)
            stories.index(story)
            story_id = story.id
        announce(self._store, story_id)
        return True

    def _add(self, stories: Stories, revision: Revision, version: _Version) -> None:
        now = time.time()
        row = Version(
            story_id=revision.story_id,
            revision_id=revision.id,
            target=version.target,
            state=TRANSLATING,
            job=version.job,
            edit=0,
            tails={},
            record={"removed": version.removed},
            error=None,
            created_at=now,
            updated_at=now,
        )
        stories.add(row)
        for segment in version.segments:
            segment.version_id = row.id
        stories.add(*version.segments)

    def _dropped(self, versions: Sequence[_Version]) -> None:
        """Forget the jobs of versions that were not written."""
        self._store.discard(version.job for version in versions if version.job)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A story as it was read: nothing of it, where there was none."""

    etag: str | None = None
    is_same: bool = False
    """Whether what is sent is the current revision."""
    done: set[str] = field(default_factory=set)
    """The tags of the versions in which there is nothing to do."""
    olds: dict[str, Sequence[Segment]] = field(default_factory=dict)
    """The segments of its versions, by their tags."""


def _first_sentence(segments: Sequence[Segment]) -> str:
    """What a story without a title is called: page boilerplate before it is no segment."""
    return segments[0].source[:_TITLE] if segments else ""


def _document(body: StoryRequest) -> Object:
    """What is kept of a request: all but what may change without a new revision."""
    document: Object = body.model_dump(mode="json", exclude={"targets", "title", "author"})
    return document


def _without_page(document: Object) -> Object:
    """The document without what surrounds its article on a page: that is another at every look."""
    return {name: value for name, value in document.items() if name != "page"}
