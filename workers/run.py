"""A Celery worker as a process."""

import os
import socket
from collections.abc import Collection

from service.jobs.job import Queue
from service.settings import Settings
from workers.app import app
from workers.priority import lower_priority
from workers.resident import first_models


def run_worker(settings: Settings, queues: Collection[Queue], processes: int) -> int:
    """Take jobs from the queues until SIGTERM, in so many child processes; return the exit code.

    Raises WrongSetting where a setting names a model that is not available.
    """
    first_models(settings, settings.load_catalogue(), queues)  # fail now where a setting is invalid
    if set(queues) == {Queue.BATCH}:
        lower_priority(settings.batch_niceness)
    worker = app.Worker(
        queues=[queue.key for queue in queues],
        concurrency=processes,
        hostname=f"{'+'.join(queues)}.{os.getpid()}@{socket.gethostname()}",
        loglevel=settings.log_level,
        without_gossip=True,
        without_mingle=True,
        # Its events are unused, and where Redis is away, sending one would block the event loop.
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    code: int = worker.exitcode
    return code
