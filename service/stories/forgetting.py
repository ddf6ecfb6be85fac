"""Stories and memory that are deleted, or kept long enough: no text of theirs is left."""

import logging
import time

from service.jobs.store import JobStore
from service.settings import Settings
from service.storage.database import Database
from service.storage.memory import Memory
from service.storage.search import compact
from service.storage.stories import Stories
from service.storage.tables import Story
from service.stories.channel import announce
from service.stories.checking import check_ref
from service.stories.jobs import StoryJobs

log = logging.getLogger(__name__)


class Forgetting:
    """Deletes what must not be kept."""

    def __init__(self, database: Database, store: JobStore, settings: Settings) -> None:
        self._database = database
        self._store = store
        self._settings = settings
        self._jobs = StoryJobs(store, settings)

    def delete(self, client: str, name: str, *, memory: bool) -> None:
        """Delete the client's story with its jobs, and what it gave to the memory if asked.

        StoryNotFound where there is none.
        """
        with self._database.writing() as session:
            stories = Stories(session)
            story = stories.get(client, name, lock=True)
            self._delete(stories, story)
            compact(session)
            story_id = story.id
            if memory:
                Memory(session).forget(client, story=name)
        self._database.purge()
        announce(self._store, story_id)

    def expire(self) -> None:
        """Delete the stories and the units of the memory whose retention has passed."""
        stories_seconds = self._settings.stories_seconds
        memory_seconds = self._settings.memory_seconds
        gone = 0
        if stories_seconds is not None:
            gone += self._expire_stories(time.time() - stories_seconds)
        if memory_seconds is not None:
            with self._database.writing() as session:
                gone += Memory(session).expire(time.time() - memory_seconds)
        if gone:
            self._database.purge()

    def _expire_stories(self, before: float) -> int:
        """Delete the stories that were last changed before; how many."""
        with self._database.reading() as session:
            over = Stories(session).older_than(before)
        gone = 0
        for one in over:
            with self._database.writing() as session:
                stories = Stories(session)
                story = stories.find(one.client, one.name, lock=True)
                # It may have been changed or deleted since it was read.
                if story is not None and story.updated_at < before:
                    self._delete(stories, story)
                    gone += 1
        if gone:
            with self._database.writing() as session:
                compact(session)
        return gone

    def _delete(self, stories: Stories, story: Story) -> None:
        """Delete a story with its records in Redis.

        The records go first: where Redis is away, the story stays and can be deleted again.
        """
        self._store.discard(stories.jobs(story))
        self._jobs.delete(story.id)
        for segment in stories.unchecked_of(story):
            self._store.leases.delete(check_ref(segment))
        stories.delete(story)
