"""Stories, their revisions, versions and segments, within one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session, load_only

from models.language_codes import region_subtag
from service.errors import StoryNotFound, VersionNotFound
from service.storage.search import has_words, words_of
from service.storage.tables import Review, Revision, Segment, Story, StoryWords, Version

TRANSLATING = "translating"
"""The state of a version whose job has not been collected yet."""
FAILED = "failed"
"""The state of a version whose job failed: its segments may have no target."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A segment to be checked, and what its check needs."""

    segment: Segment
    client: str
    source: str
    target: str
    glossaries: list[str]


@dataclass(frozen=True, slots=True)
class VersionFilter:
    """What is wanted of a version; None is anything."""

    target: str | None = None
    """A tag; one without a region is of all its regions."""
    state: str | None = None
    has_flags: bool | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions of a query."""
        found = []
        if self.target is not None:
            regional = () if region_subtag(self.target) else (f"{self.target}-",)
            found.append(
                or_(Version.target == self.target, *map(Version.target.startswith, regional))
            )
        if self.state is not None:
            found.append(Version.state == self.state)
        if self.has_flags is not None:
            found.append(Version.flags_left > 0 if self.has_flags else Version.flags_left == 0)
        return found


class Stories:
    """The stories of all clients."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, client: str, name: str, *, lock: bool = False) -> Story | None:
        """The client's story of this name; locked until the end of the transaction if asked."""
        statement = select(Story).where(Story.client == client, Story.name == name)
        return self._session.scalar(statement.with_for_update() if lock else statement)

    def get(self, client: str, name: str, *, lock: bool = False) -> Story:
        """The same; StoryNotFound where there is none."""
        story = self.find(client, name, lock=lock)
        if story is None:
            raise StoryNotFound
        return story

    def page(
        self, client: str, query: str, wanted: "VersionFilter", page: int, size: int
    ) -> tuple[Sequence[Story], int]:
        """A page of the client's stories, the last changed first, and how many there are in all.

        Those with all words of the query, and with a current version that is wanted, if anything is
        wanted of one.
        """
        statement = select(Story).where(Story.client == client)
        if query.strip():
            statement = statement.where(has_words(self._session, Story.id, query))
        if conditions := wanted.conditions():
            statement = statement.where(
                exists().where(
                    Version.story_id == Story.id,
                    Version.revision_id == Revision.id,
                    Revision.number == Story.revision,
                    *conditions,
                )
            )
        total = self._session.scalar(select(func.count()).select_from(statement.subquery()))
        stories = self._session.scalars(
            statement.order_by(Story.updated_at.desc(), Story.id.desc())
            .offset(page * size)
            .limit(size)
        )
        return stories.all(), total or 0

    def add(self, *rows: Story | Revision | Version | Segment | Review) -> None:
        """Write new rows; their ids are known then."""
        self._session.add_all(rows)
        self._session.flush()

    def index(self, story: Story) -> None:
        """Let the story be found by its id, its title and its current texts in all languages."""
        rows = self._session.execute(
            select(Segment.source, Segment.target)
            .join(Version, Version.id == Segment.version_id)
            .join(Revision, Revision.id == Version.revision_id)
            .where(Revision.story_id == story.id, Revision.number == story.revision)
            .order_by(Version.id, Segment.position)
        )
        texts = [text for row in rows for text in row if text]
        words = " ".join(words_of([story.name, story.title, *texts]))
        self._session.merge(StoryWords(story_id=story.id, words=words))

    def revisions(self, story: Story) -> Sequence[Revision]:
        """The story's revisions, the newest first."""
        return self._session.scalars(
            select(Revision).where(Revision.story_id == story.id).order_by(Revision.number.desc())
        ).all()

    def revision(self, story: Story, number: int | None = None) -> Revision:
        """One revision, the current one if no number is given; VersionNotFound."""
        wanted = story.revision if number is None else number
        found = self._session.scalar(
            select(Revision).where(Revision.story_id == story.id, Revision.number == wanted)
        )
        if found is None:
            raise VersionNotFound(f"The story has no revision {wanted}.")
        return found

    def current_revisions(self, stories: Iterable[Story]) -> dict[int, int]:
        """The id of each story's current revision, by the story's."""
        rows = self._session.execute(
            select(Story.id, Revision.id)
            .join(Revision, (Revision.story_id == Story.id) & (Revision.number == Story.revision))
            .where(Story.id.in_([story.id for story in stories]))
        )
        return {row[0]: row[1] for row in rows}

    def versions(self, *revisions: int) -> Sequence[Version]:
        """The versions of the revisions with these ids, by language."""
        return self._session.scalars(
            select(Version).where(Version.revision_id.in_(revisions)).order_by(Version.target)
        ).all()

    def version(self, revision: Revision, target: str) -> Version:
        """The revision in the language of a tag; VersionNotFound.

        A tag without a region finds the version of one region, if it is the language's only one.
        """
        versions = {version.target: version for version in self.versions(revision.id)}
        if target in versions:
            return versions[target]
        regional = [tag for tag in versions if tag.startswith(f"{target}-")]
        if not regional:
            raise VersionNotFound
        if len(regional) > 1:
            raise VersionNotFound(
                f"The story has several versions in {target}: name one of {', '.join(regional)}."
            )
        return versions[regional[0]]

    def version_by_id(self, version_id: int, *, lock: bool = False) -> Version | None:
        """The version; None where it was deleted."""
        statement = select(Version).where(Version.id == version_id)
        return self._session.scalar(statement.with_for_update() if lock else statement)

    def story_of(self, version: Version) -> tuple[Story, Revision]:
        """The story and the revision that a version is of."""
        row = self._session.execute(
            select(Story, Revision)
            .join(Revision, Revision.story_id == Story.id)
            .where(Revision.id == version.revision_id)
        ).one()
        return row[0], row[1]

    def segments(self, version: Version) -> Sequence[Segment]:
        """The version's segments, in order."""
        return self._session.scalars(
            select(Segment).where(Segment.version_id == version.id).order_by(Segment.position)
        ).all()

    def segment_states(self, versions: Iterable[Version]) -> dict[int, list[Segment]]:
        """The segments of each version, by its id, with what is counted of them and without texts."""
        found: dict[int, list[Segment]] = {version.id: [] for version in versions}
        rows = self._session.scalars(
            select(Segment)
            .where(Segment.version_id.in_(found))
            .options(
                load_only(
                    Segment.version_id,
                    Segment.origin,
                    Segment.state,
                    Segment.change,
                    Segment.flags,
                    Segment.details,
                )
            )
        )
        for segment in rows:
            found[segment.version_id].append(segment)
        return found

    def translating(self) -> Sequence[Version]:
        """The versions whose jobs have not been collected."""
        return self._session.scalars(select(Version).where(Version.state == TRANSLATING)).all()

    def unchecked(self) -> list[Unchecked]:
        """Segments that were edited and not checked since."""
        rows = self._session.execute(
            select(
                Segment,
                Story.client,
                Revision.source_language,
                Version.target,
                Revision.document["glossaries"],
            )
            .join(Version, Version.id == Segment.version_id)
            .join(Revision, Revision.id == Version.revision_id)
            .join(Story, Story.id == Version.story_id)
            .where(Segment.flags.is_(None), Segment.target.is_not(None))
            .where(Version.state.not_in([TRANSLATING, FAILED]))
            .limit(1000)
        )
        return [
            Unchecked(segment, client, source, target, glossaries or [])
            for segment, client, source, target, glossaries in rows
        ]

    def reviews(self, version: Version) -> Sequence[Review]:
        """The version's review log, the oldest first."""
        return self._session.scalars(
            select(Review).where(Review.version_id == version.id).order_by(Review.id)
        ).all()

    def last_change(self, version: Version) -> Review | None:
        """The last entry that was not taken back, and takes none back itself."""
        undone = select(Review.undoes).where(
            Review.version_id == version.id, Review.undoes.is_not(None)
        )
        return self._session.scalar(
            select(Review)
            .where(Review.version_id == version.id, Review.undoes.is_(None))
            .where(Review.id.not_in(undone))
            .order_by(Review.id.desc())
            .limit(1)
        )

    def jobs(self, story: Story) -> list[str]:
        """The jobs of the story's versions."""
        return [
            job
            for job in self._session.scalars(
                select(Version.job).where(Version.story_id == story.id, Version.job.is_not(None))
            )
            if job
        ]

    def unchecked_of(self, story: Story) -> Sequence[Segment]:
        """The story's segments that may be with a worker to be checked."""
        return self._session.scalars(
            select(Segment)
            .join(Version, Version.id == Segment.version_id)
            .where(Version.story_id == story.id, Segment.flags.is_(None))
        ).all()

    def delete(self, story: Story) -> None:
        """Delete the story with its revisions, versions, segments and reviews."""
        self._session.execute(delete(Story).where(Story.id == story.id))

    def older_than(self, before: float) -> Sequence[Story]:
        """Stories that were last changed before this time."""
        return self._session.scalars(
            select(Story).where(Story.updated_at < before).limit(1000)
        ).all()
