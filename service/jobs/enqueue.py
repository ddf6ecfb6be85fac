"""From a checked request to a job in the queue: the record first, then the message."""

from uuid import uuid4

from celery import Celery
from kombu.exceptions import OperationalError

from service.errors import QueueUnavailable
from service.jobs.admission import Admission, Admitted, Wish
from service.jobs.broker import broker_config, send
from service.jobs.store import JobStore, job_ref
from service.settings import Settings


class Enqueuer:
    """Puts jobs into the queue; the front's side of Celery."""

    def __init__(self, store: JobStore, settings: Settings) -> None:
        self._store = store
        self._admission = Admission(store.client, settings)
        self._celery = Celery("dragoman", set_as_current=False)
        self._celery.conf.update(
            broker_config(settings),
            # A caller waits: fail within seconds, and let him try again.
            task_publish_retry=False,
        )

    def enqueue(self, wish: Wish) -> Admitted:
        """The wish's job, queued, or the one that the same wish had before.

        Raises what `Admission.admit` does; QueueUnavailable, and no job, where the broker does not
        take the message.
        """
        admitted = self._admission.admit(job_ref(uuid4().hex), wish)
        if admitted.is_new:
            try:
                send(self._celery, admitted.job, wish.queue)
            except OperationalError as error:
                self._store.delete(admitted.job.id)
                raise QueueUnavailable from error
        return admitted

    def close(self) -> None:
        """Close the connections to the broker."""
        self._celery.close()
