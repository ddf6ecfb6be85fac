"""A Celery worker as a process."""

import os
import socket
from collections.abc import Collection

from service.jobs.job import Queue
from service.settings import Settings
from workers.app import app
from workers.priority import give_way
from workers.resident import first_models


def run_worker(settings: Settings, queues: Collection[Queue], processes: int) -> int:
    """Take jobs from the queues until SIGTERM, in so many children; gives the exit code.

    Raises WrongSetting where a setting names a model that cannot be used.
    """
    first_models(settings, settings.load_catalogue(), queues)  # what is wrong with them is said now
    if set(queues) == {Queue.BATCH}:
        give_way(settings.batch_niceness)
    worker = app.Worker(
        queues=[queue.key for queue in queues],
        concurrency=processes,
        hostname=f"{'+'.join(queues)}.{os.getpid()}@{socket.gethostname()}",
        loglevel=settings.log_level,
        without_gossip=True,
        without_mingle=True,
        # Nobody listens to its events; and where Redis is away, sending one would hold up the loop.
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    code: int = worker.exitcode
    return code
