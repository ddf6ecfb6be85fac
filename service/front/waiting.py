"""Waiting for a job or a batch: woken by its changes, without polling."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from service.front.context import Context
from service.jobs.store import job_ref
from service.jobs.views import Job, Status

S = TypeVar("S", bound=Status)


async def changes(context: Context, name: str, read: Callable[[], S]) -> AsyncGenerator[S]:
    """Yield what `read` returns now and after each change that is published, until it has finished.

    Several quick changes may be yielded as one. Without changes it is read every `keepalive_seconds`,
    so that a message lost with a broken connection delays nobody for long. Raises what `read` raises.
    """
    async with context.channels.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(name)
        while True:
            status = await run_in_threadpool(read)
            yield status
            if status.state.finished:
                return
            message = await channel.get_message(timeout=context.settings.keepalive_seconds)
            while message is not None:  # one read answers all messages so far
                message = await channel.get_message(timeout=0)


def job_changes(
    context: Context, job_id: str, check: Callable[[], object] = lambda: None
) -> AsyncGenerator[Job]:
    """Yield the job at each change; raise what `check` raises, and JobNotFound once it is deleted."""

    def read() -> Job:
        check()
        return context.store.get(job_id)

    return changes(context, job_ref(job_id).key, read)


async def finished(context: Context, job_id: str, seconds: float) -> Job:
    """Return the job when it has finished, or as it is after `seconds`."""
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


async def all_finished(context: Context, job_ids: Sequence[str], seconds: float) -> list[Job]:
    """Return the jobs when all have finished, or as they are after `seconds`.

    Raises JobNotFound where one was deleted, once the others have finished.
    """
    outcomes = await asyncio.gather(
        *(finished(context, job_id, seconds) for job_id in job_ids), return_exceptions=True
    )
    jobs = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        jobs.append(outcome)
    return jobs
