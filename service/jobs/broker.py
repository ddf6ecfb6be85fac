"""The broker's options, the same for the front that sends and the workers that receive.

Redis hands a message out again when it was not acknowledged within the visibility timeout, counted
from its delivery and never renewed: it must be longer than the longest job, and be the same in all
three places that Celery and kombu read it from.
"""

from typing import Any

from celery import Celery
from kombu import Exchange
from kombu import Queue as KombuQueue

from service.jobs.job import Queue, Ref
from service.settings import Settings


def broker_config(settings: Settings) -> dict[str, Any]:
    """Celery's options about the broker, ready for `app.conf.update`."""
    transport = {
        "visibility_timeout": settings.visibility_seconds,
        # A connection that died without a word is noticed: by kombu within 21 s, and by whoever sends.
        "health_check_interval": 10,
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
    }
    return {
        "broker_url": settings.redis_url,
        "broker_transport_options": transport,
        "result_backend_transport_options": transport,
        "visibility_timeout": settings.visibility_seconds,
        # The store is the result backend.
        "task_ignore_result": True,
        # A message is a job's id: nothing in it can carry code.
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [KombuQueue(q.key, Exchange(q.key), routing_key=q.key) for q in Queue],
        "task_default_queue": Queue.INTERACTIVE.key,
    }


def send(celery: Celery, ref: Ref, queue: Queue) -> None:
    """Tell the queue's workers that there is this record to work on.

    The message carries the record's id, also as its own: `Leases.reap` reads it there. Raises
    `kombu.exceptions.OperationalError` where the broker does not take it.
    """
    celery.send_task(ref.kind.task_name, args=[ref.id], task_id=ref.id, queue=queue.key)
