"""Waiting for a job: wake up when it changes, not on a clock."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi.concurrency import run_in_threadpool

from service.context import Context
from service.jobs import Job
from service.store import job_ref


async def changes(context: Context, job_id: str) -> AsyncGenerator[Job]:
    """The job as it stands, and again after each change, until it is finished.

    Several quick changes may come as one. While nothing changes, the job is read again every
    `keepalive_seconds`, so that a message lost on a broken connection delays nobody for long.
    Raises JobNotFound, also when the job is deleted meanwhile.
    """
    async with context.channels.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(job_ref(job_id).key)
        while True:
            job = await run_in_threadpool(context.store.get, job_id)
            yield job
            if job.state.finished:
                return
            message = await channel.get_message(timeout=context.settings.keepalive_seconds)
            while message is not None:  # one reading answers all that came meanwhile
                message = await channel.get_message(timeout=0)


async def finished(context: Context, job_id: str, seconds: float) -> Job:
    """The job when it has finished, or as it stands after `seconds` (0: as it stands now)."""
    job = await run_in_threadpool(context.store.get, job_id)
    if seconds <= 0 or job.state.finished:
        return job
    try:
        async with asyncio.timeout(seconds), aclosing(changes(context, job_id)) as updates:
            async for job in updates:  # noqa: B007 - the last one is the answer
                pass
    except TimeoutError:
        pass
    return job
