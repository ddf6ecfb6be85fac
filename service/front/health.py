"""Whether a part of the service gets on with its work; for a container's check."""

import httpx

from models.errors import DragomanError
from service.jobs.job import Queue
from service.jobs.store import JobStore
from service.settings import Settings


class Unhealthy(DragomanError):
    """A part of the service does not get on with its work."""

    title = "Unhealthy"
    code = "unhealthy"


def check_front(settings: Settings) -> None:
    """Unhealthy where the front does not answer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    try:
        httpx.get(f"http://{host}:{settings.port}/healthz", timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        raise Unhealthy(f"the front does not answer: {error}") from error


def check_workers(settings: Settings, queue: Queue) -> None:
    """Unhealthy where jobs wait in the queue, and its workers are not heard of."""
    silence = JobStore.connect(settings).silence(queue)
    if silence > settings.stall_seconds:
        raise Unhealthy(f"jobs wait, and no worker was heard of for {silence:.0f} s")


def check_courier(settings: Settings) -> None:
    """Unhealthy where webhooks are due and not delivered."""
    overdue = JobStore.connect(settings).overdue()
    if overdue > 2 * settings.webhook_seconds:
        raise Unhealthy(f"a webhook is due, and nobody has delivered it for {overdue:.0f} s")
