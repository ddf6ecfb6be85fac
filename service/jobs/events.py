"""Waiting for a job: wake up when it changes, not on a clock."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from service.front.context import Context
from service.jobs.job import Job, Status
from service.jobs.store import job_ref

S = TypeVar("S", bound=Status)


async def changes(context: Context, name: str, read: Callable[[], S]) -> AsyncGenerator[S]:
    """What `read` gives now, and again after each change told on the channel, until it is finished.

    Several quick changes may come as one. While nothing changes, it is read again every
    `keepalive_seconds`, so that a message lost on a broken connection delays nobody for long.
    Raises what `read` raises, also when the record is deleted meanwhile.
    """
    async with context.channels.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(name)
        while True:
            watched = await run_in_threadpool(read)
            yield watched
            if watched.state.finished:
                return
            message = await channel.get_message(timeout=context.settings.keepalive_seconds)
            while message is not None:  # one reading answers all that came meanwhile
                message = await channel.get_message(timeout=0)


def job_changes(context: Context, job_id: str) -> AsyncGenerator[Job]:
    """The job at each change; JobNotFound where there is none (any more)."""
    return changes(context, job_ref(job_id).key, partial(context.store.get, job_id))


async def finished(context: Context, job_id: str, seconds: float) -> Job:
    """The job when it has finished, or as it stands after `seconds` (0: as it stands now)."""
    job = await run_in_threadpool(context.store.get, job_id)
    if seconds <= 0 or job.state.finished:
        return job
    try:
        async with asyncio.timeout(seconds), aclosing(job_changes(context, job_id)) as updates:
            async for job in updates:  # noqa: B007 - the last one is the answer
                pass
    except TimeoutError:
        pass
    return job
