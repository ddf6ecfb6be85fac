"""From a checked request to a job in the queue: the record first, then the message."""

from uuid import uuid4

from celery import Celery
from kombu.exceptions import OperationalError
from pydantic import BaseModel

from service.broker import broker_config, send
from service.errors import QueueUnavailable
from service.jobs import Job, Queue, Task
from service.settings import Settings
from service.store import JobStore, job_ref


class Enqueuer:
    """Puts jobs into the queue; the front's side of Celery."""

    def __init__(self, store: JobStore, settings: Settings) -> None:
        self._store = store
        self._celery = Celery("dragoman", set_as_current=False)
        self._celery.conf.update(
            broker_config(settings),
            # A caller waits: fail within seconds, and let him try again.
            task_publish_retry=False,
        )

    def enqueue(self, task: Task, queue: Queue, request: BaseModel) -> Job:
        """Queue a job; QueueUnavailable, and no job, where the broker does not take the message."""
        job_id = uuid4().hex
        self._store.create(job_id, task, queue, request.model_dump_json(exclude_none=True))
        try:
            send(self._celery, job_ref(job_id), queue)
        except OperationalError as error:
            self._store.delete(job_id)
            raise QueueUnavailable from error
        return self._store.get(job_id)

    def close(self) -> None:
        """Close the connections to the broker."""
        self._celery.close()
