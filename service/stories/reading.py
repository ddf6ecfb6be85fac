"""Stories as callers are shown them, from one state of the database."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from models.language_codes import regional_tag
from service.errors import SegmentNotFound
from service.storage.stories import Stories, VersionFilter
from service.storage.tables import Revision, Segment, Story, Version
from service.stories.views import (
    ReviewLog,
    RevisionView,
    StoryHead,
    StoryPage,
    StoryView,
    VersionSummary,
    VersionView,
    head_view,
    review_entry,
    revision_view,
    story_view,
    summary_of,
    version_view,
)


class Reading:
    """A client's stories, within one transaction."""

    def __init__(self, session: Session, client: str) -> None:
        self._stories = Stories(session)
        self._client = client

    def page(self, query: str, wanted: VersionFilter, page: int, size: int) -> StoryPage:
        """A page of the stories, the last changed first."""
        found, total = self._stories.page(self._client, query, wanted, page, size)
        revisions = self._stories.current_revisions(found)
        summaries = self._summaries(revisions.values())
        heads: list[StoryHead] = [
            head_view(story, summaries[revisions[story.id]]) for story in found
        ]
        return StoryPage(stories=heads, page=page, total=total)

    def story(self, name: str) -> StoryView:
        """A story; StoryNotFound."""
        story = self._stories.get(self._client, name)
        revision = self._stories.revision(story)
        return story_view(story, revision, self._summaries([revision.id])[revision.id])

    def revisions(self, name: str) -> list[RevisionView]:
        """A story's revisions, the newest first; StoryNotFound."""
        story = self._stories.get(self._client, name)
        revisions = self._stories.revisions(story)
        summaries = self._summaries([revision.id for revision in revisions])
        return [revision_view(revision, summaries[revision.id]) for revision in revisions]

    def version(self, name: str, target: str, number: int | None = None) -> VersionView:
        """A story in a language, as it was in a revision; StoryNotFound or VersionNotFound."""
        story, revision, version = self.rows(name, target, number)
        return version_view(story, revision, version, self.segments(version))

    def rows(
        self, name: str, target: str, number: int | None = None
    ) -> tuple[Story, Revision, Version]:
        """A version's rows, of the current revision if no number is given; errors as above."""
        story = self._stories.get(self._client, name)
        revision = self._stories.revision(story, number)
        return story, revision, self._stories.version(revision, regional_tag(target))

    def segments(self, version: Version) -> list[Segment]:
        """A version's segments, in order."""
        return list(self._stories.segments(version))

    def segment(self, version: Version, number: int) -> Segment:
        """A segment of a version; SegmentNotFound where there is none of this number."""
        segments = self.segments(version)
        if not 0 <= number < len(segments):
            raise SegmentNotFound
        return segments[number]

    def reviews(self, name: str, target: str) -> ReviewLog:
        """Who changed what in the current version; StoryNotFound or VersionNotFound."""
        _, _, version = self.rows(name, target)
        return ReviewLog(entries=[review_entry(one) for one in self._stories.reviews(version)])

    def _summaries(self, revisions: Collection[int]) -> dict[int, list[VersionSummary]]:
        """The versions of each revision, by its id."""
        found: dict[int, list[VersionSummary]] = {revision: [] for revision in revisions}
        versions = self._stories.versions(*revisions)
        segments = self._stories.segment_states(versions)
        for version in versions:
            found[version.revision_id].append(summary_of(version, segments[version.id]))
        return found
