"""Stories and memory that are deleted, or kept long enough: no text of theirs is left."""

import logging
import time
from contextlib import suppress

from service.errors import JobNotFound
from service.jobs.store import JobStore
from service.settings import Settings
from service.storage.database import Database
from service.storage.memory import Memory
from service.storage.stories import Stories
from service.stories.channel import announce

log = logging.getLogger(__name__)


class Forgetting:
    """Deletes what must not be kept."""

    def __init__(self, database: Database, store: JobStore, settings: Settings) -> None:
        self._database = database
        self._store = store
        self._settings = settings

    def delete(self, client: str, name: str, *, memory: bool) -> None:
        """Delete the client's story with its jobs, and what it gave to the memory if asked.

        StoryNotFound where there is none.
        """
        with self._database.writing() as session:
            stories = Stories(session)
            story = stories.get(client, name, lock=True)
            jobs = stories.jobs(story)
            stories.delete(story)
            story_id = story.id
            if memory:
                Memory(session).forget(client, story=name)
        for job in jobs:
            with suppress(JobNotFound):  # its retention has passed
                self._store.delete(job)
        self._database.purge()
        announce(self._store, story_id)

    def expire(self) -> None:
        """Delete the stories and the units of the memory whose retention has passed."""
        stories_seconds = self._settings.stories_seconds
        memory_seconds = self._settings.memory_seconds
        if stories_seconds is not None:
            with self._database.reading() as session:
                over = [
                    (one.client, one.name) for one in Stories(session).older_than(stories_seconds)
                ]
            for client, name in over:
                self.delete(client, name, memory=False)
        if memory_seconds is not None:
            with self._database.writing() as session:
                gone = Memory(session).expire(time.time() - memory_seconds)
            if gone:
                self._database.purge()
