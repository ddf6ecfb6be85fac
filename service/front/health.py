"""Health checks of the front, the workers and the courier, for containers."""

import httpx

from models.errors import DragomanError
from service.jobs.job import Queue
from service.jobs.store import JobStore
from service.settings import Settings


class Unhealthy(DragomanError):
    """A part of the service does not work."""

    title = "Unhealthy"
    code = "unhealthy"


def check_front(settings: Settings) -> None:
    """Raise Unhealthy where the front does not answer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    try:
        httpx.get(f"http://{host}:{settings.port}/healthz", timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        raise Unhealthy(f"The front does not answer: {error}") from error


def check_workers(settings: Settings, queue: Queue) -> None:
    """Raise Unhealthy where jobs wait and no worker of the queue gives a sign of life."""
    silence = JobStore.connect(settings).silence(queue)
    if silence > settings.stall_seconds:
        raise Unhealthy(f"Jobs wait, and there was no sign of a worker for {silence:.0f} s.")


def check_courier(settings: Settings) -> None:
    """Raise Unhealthy where webhooks are due and not delivered."""
    overdue = JobStore.connect(settings).overdue()
    if overdue > 2 * settings.webhook_seconds:
        raise Unhealthy(f"A webhook has been due for {overdue:.0f} s.")
