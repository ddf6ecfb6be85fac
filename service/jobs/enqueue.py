"""Queue a checked request as a job: first its record, then its message."""

from uuid import uuid4

from celery import Celery
from kombu.exceptions import OperationalError

from service.errors import QueueUnavailable
from service.jobs.admission import Admission, Admitted, Submission
from service.jobs.broker import broker_config, send
from service.jobs.job import Queue, Ref
from service.jobs.store import JobStore, job_ref
from service.settings import Settings


class Enqueuer:
    """Queues jobs: the front's side of Celery."""

    def __init__(self, store: JobStore, settings: Settings) -> None:
        self._store = store
        self._admission = Admission(store.client, settings)
        self._celery = Celery("dragoman", set_as_current=False)
        self._celery.conf.update(
            broker_config(settings),
            # A caller waits: fail within seconds and let it retry.
            task_publish_retry=False,
        )

    def enqueue(self, submission: Submission) -> Admitted:
        """Queue a job, or return the job of an identical request.

        Raises the errors of `Admission.admit`, and QueueUnavailable where the broker does not accept
        the message; there is no job then.
        """
        admitted = self._admission.admit(job_ref(uuid4().hex), submission)
        if admitted.is_new:
            try:
                send(self._celery, admitted.job, submission.queue)
            except OperationalError as error:
                self._store.delete(admitted.job.id)
                raise QueueUnavailable from error
        return admitted

    def put(self, ref: Ref, task: str, queue: Queue, request: str) -> None:
        """Queue a record that is nobody's job and counts for no quota, unless it is there already.

        Raises QueueUnavailable where the broker does not take the message; the reaper sends it again.
        """
        if not self._store.leases.create(ref, task, queue, request):
            return
        try:
            send(self._celery, ref, queue)
        except OperationalError as error:
            raise QueueUnavailable from error

    def close(self) -> None:
        """Close the connections to the broker."""
        self._celery.close()
