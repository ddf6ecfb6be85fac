"""Keeps what workers give back for stories, as soon as it is there, and removes what is kept no longer.

Everything it needs is in the database and in Redis: a front that is killed leaves versions and segments
that wait, and the next one collects them.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import redis.asyncio
from fastapi.concurrency import run_in_threadpool
from redis import RedisError
from sqlalchemy.exc import OperationalError

from service.errors import TryLater
from service.jobs.job import RecordKind, Ref
from service.settings import Settings
from service.stories.checking import Checking
from service.stories.collecting import Collector
from service.stories.forgetting import Forgetting

RETRY_SECONDS = 1.0
"""How long to wait before trying again what Redis or the database refused."""

log = logging.getLogger(__name__)


class Keeper:
    """Collects what has ended, one change at a time."""

    def __init__(self, collector: Collector, checking: Checking, forgetting: Forgetting) -> None:
        self._collector = collector
        self._checking = checking
        self._forgetting = forgetting
        self._failing: set[int] = set()
        """Versions that could not be collected the last time; that was logged once."""

    def look_around(self) -> None:
        """Collect all that has ended, ask for what was not asked, remove what is over."""
        pending = self._collector.pending().values()
        self._failing.intersection_update(pending)
        for version in pending:
            with self._isolated(version):
                self._collector.collect(version)
        self._checking.ask()
        self._forgetting.expire()

    def changed(self, ref: Ref) -> None:
        """Collect what has changed, if it is ours."""
        if ref.kind is RecordKind.CHECK:
            self._checking.collect(ref)
        else:
            version = self._collector.pending().get(ref.id)
            if version is not None:
                with self._isolated(version):
                    self._collector.collect(version)

    @contextmanager
    def _isolated(self, version: int) -> Iterator[None]:
        """Keep an error of one version from stopping the others; those of Redis or the database stop all."""
        try:
            yield
        except (RedisError, OperationalError):
            raise
        except TryLater as error:
            log.warning("Version %s waits: %s", version, error)
        except Exception:
            if version not in self._failing:
                self._failing.add(version)
                log.exception("Version %s is skipped", version)
        else:
            self._failing.discard(version)


@asynccontextmanager
async def keeping(
    keeper: Keeper, channels: "redis.asyncio.Redis", settings: Settings
) -> AsyncIterator[None]:
    """Keep while the `with` lasts."""
    task = asyncio.create_task(_keep(keeper, channels, settings.keepalive_seconds))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _keep(keeper: Keeper, channels: "redis.asyncio.Redis", seconds: float) -> None:
    while True:
        try:
            async with channels.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.psubscribe(
                    Ref(RecordKind.JOB, "*").key, Ref(RecordKind.CHECK, "*").key
                )
                due = 0.0
                while True:
                    if time.monotonic() >= due:
                        await run_in_threadpool(keeper.look_around)
                        due = time.monotonic() + seconds
                    message = await channel.get_message(timeout=max(due - time.monotonic(), 0))
                    if message is not None and message["data"] in _ENDS:
                        await run_in_threadpool(keeper.changed, Ref.of(message["channel"].decode()))
        except (RedisError, OperationalError, TryLater) as error:
            log.warning("Stories wait: %s", error)
        except Exception:  # a bug of ours: it is told, and what waits is not given up for it
            log.exception("Stories wait")
        await asyncio.sleep(RETRY_SECONDS)


_ENDS = {b"succeeded", b"failed", b"cancelled"}
"""What is told of a record when it ends."""
