"""`/healthz`, `/readyz`, `/metrics`: for whoever runs the service."""

from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.front.auth import Admin
from service.front.context import InContext

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The front runs."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(context: InContext) -> dict[str, Any]:
    """The front can take work: Redis answers. 503 where it does not."""
    waiting = context.store.waiting()
    return {"status": "ok", "waiting": {queue.value: n for queue, n in waiting.items()}}


@router.get("/metrics", response_class=Response)
def metrics(context: InContext, _: Admin) -> Response:
    """Counts and times, for Prometheus."""
    return Response(generate_latest(context.metrics.registry), media_type=CONTENT_TYPE_LATEST)
