"""The channel on which changes of a story are told to those who follow it."""

import logging

import redis

from service.jobs.store import JobStore

log = logging.getLogger(__name__)


def channel_of(story_id: int) -> str:
    """Return the name of the channel of a story in Redis."""
    return f"dragoman:story:{story_id}"


def announce(store: JobStore, story_id: int) -> None:
    """Tell those who follow the story that it has changed; call it after the change is committed.

    Where Redis is away they see the change later, when they look without being told.
    """
    try:
        store.client.publish(channel_of(story_id), "changed")
    except redis.RedisError as error:
        log.warning("A change of a story was not announced: %s", error)
