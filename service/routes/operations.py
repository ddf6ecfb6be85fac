"""`/healthz`, `/readyz` and `/metrics`, for operators."""

from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.front.auth import Admin
from service.front.context import InContext

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Return that the front runs."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(context: InContext) -> dict[str, Any]:
    """Return that the front accepts jobs; 503 where Redis does not answer."""
    waiting = context.store.waiting()
    return {"status": "ok", "waiting": {queue.value: n for queue, n in waiting.items()}}


@router.get("/metrics", response_class=Response)
def metrics(context: InContext, _: Admin) -> Response:
    """Return counts and times for Prometheus."""
    return Response(generate_latest(context.metrics.registry), media_type=CONTENT_TYPE_LATEST)
