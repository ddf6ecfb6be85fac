"""The options of the broker, the same for the front that sends and the workers that receive.

Redis delivers a message again that was not acknowledged within the visibility timeout, which counts from
its delivery and is never renewed: it must be longer than the longest job, and be the same in all three
places that Celery and kombu read it from.
"""

from typing import Any

from celery import Celery
from kombu import Exchange
from kombu import Queue as KombuQueue

from service.jobs.job import Queue, Ref
from service.settings import Settings


def broker_config(settings: Settings) -> dict[str, Any]:
    """Return Celery's options for the broker, for `app.conf.update`."""
    transport = {
        "visibility_timeout": settings.visibility_seconds,
        # A half-open connection is noticed: by kombu within 21 s, and by every sender.
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
        # A message holds the id of a record: nothing in it can carry code.
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [KombuQueue(q.key, Exchange(q.key), routing_key=q.key) for q in Queue],
        "task_default_queue": Queue.INTERACTIVE.key,
    }


def send(celery: Celery, ref: Ref, queue: Queue) -> None:
    """Send a message about a record to the workers of a queue.

    The id of the message is that of the record: `Leases.reap` reads it there. Raises
    `kombu.exceptions.OperationalError` where the broker does not accept it.
    """
    celery.send_task(ref.kind.task_name, args=[ref.id], task_id=ref.id, queue=queue.key)
