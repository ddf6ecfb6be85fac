"""`/healthz`, `/readyz` and `/metrics`, for operators."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from models.catalogue import Catalogue, Model
from models.engines.openai import check_server
from models.errors import ModelUnavailable
from service.front.auth import Admin
from service.front.context import InContext

router = APIRouter(tags=["operations"])


@router.get("/healthz", operation_id="checkHealth")
async def alive() -> dict[str, str]:
    """Return that the front runs."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="checkReadiness")
def ready(context: InContext) -> dict[str, Any]:
    """Return that the front accepts jobs; 503 where Redis does not answer.

    A language model's server that does not answer is listed: jobs for other models are accepted.
    """
    waiting = context.store.waiting()
    return {
        "status": "ok",
        "waiting": {queue.value: n for queue, n in waiting.items()},
        "servers": _servers(context.catalogue),
    }


_SERVER_SECONDS = 2
"""How long a language model's server may take to answer, well below the time-outs of health checks."""


def _servers(catalogue: Catalogue) -> dict[str, str]:
    """Return `ok`, or what is wrong, for each model on a server that may be asked."""
    models = [m for m in catalogue.models if m.url and catalogue.refusal(m) is None]
    if not models:
        return {}
    with ThreadPoolExecutor(len(models)) as pool:
        return dict(zip((m.id for m in models), pool.map(_server, models), strict=True))


def _server(model: Model) -> str:
    try:
        check_server(model, _SERVER_SECONDS)
    except ModelUnavailable as error:
        return error.detail
    return "ok"


@router.get("/metrics", operation_id="readMetrics", response_class=Response)
def metrics(context: InContext, _: Admin) -> Response:
    """Return counts and times for Prometheus."""
    return Response(generate_latest(context.metrics.registry), media_type=CONTENT_TYPE_LATEST)
