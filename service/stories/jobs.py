"""The jobs of stories that are not versions' own: they are deleted with the story."""

from typing import cast

from service.jobs.store import JobStore
from service.settings import Settings


class StoryJobs:
    """The ids of these jobs, in a set of Redis for each story, for as long as the jobs are kept."""

    def __init__(self, store: JobStore, settings: Settings) -> None:
        self._store = store
        self._seconds = settings.retention_seconds

    def add(self, story_id: int, job_id: str) -> None:
        """Note that a job has text of the story."""
        pipeline = self._store.client.pipeline(transaction=True)
        pipeline.sadd(_key(story_id), job_id)
        pipeline.expire(_key(story_id), self._seconds)
        pipeline.execute()

    def delete(self, story_id: int) -> None:
        """Delete the story's jobs."""
        self._store.discard(cast(set[str], self._store.client.smembers(_key(story_id))))
        self._store.client.delete(_key(story_id))


def _key(story_id: int) -> str:
    return f"dragoman:story-jobs:{story_id}"
