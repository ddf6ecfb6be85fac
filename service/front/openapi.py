"""The parts of the OpenAPI document that no route has: tags, summaries, webhooks and problems."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header
from pydantic import BaseModel, Field

from service.batches.batch import ItemCounts
from service.front.problems import PROBLEM_JSON
from service.jobs.described import Problem
from service.jobs.job import JobState, Task

_PROBLEM: dict[str, Any] = {
    "description": "A problem (RFC 9457): `code` says which, `detail` how to fix it.",
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
RESPONSES: dict[int | str, dict[str, Any]] = {"4XX": _PROBLEM, "5XX": _PROBLEM}
"""The answers that every operation may give."""
TAGS = [
    {"name": "translations", "description": "Texts and articles, translated by a job."},
    {"name": "documents", "description": "Files, translated in their own format."},
    {"name": "summaries", "description": "Summaries in the same or another language."},
    {"name": "jobs", "description": "The state, the events and the deletion of jobs."},
    {"name": "batches", "description": "Many requests in one body."},
    {"name": "stories", "description": "Stories that are sent again and corrected."},
    {"name": "glossaries", "description": "Terms, and what is not translated."},
    {"name": "memory", "description": "The translation memory."},
    {"name": "catalogue", "description": "Languages, models and detection."},
    {"name": "usage", "description": "The limits of a key, and what is used of them."},
    {"name": "operations", "description": "For operators: health and metrics."},
]
_WORD = re.compile(r"[A-Z]?[a-z]+")


class JobOutcome(BaseModel):
    """The job that has ended; its result is fetched from `/v1/jobs/{id}`."""

    id: str
    task: Task
    state: JobState
    error: Problem | None = None


class JobMessage(BaseModel):
    """The body of a webhook, as Standard Webhooks defines it."""

    type: Literal["job.succeeded", "job.failed", "job.cancelled"]
    timestamp: datetime = Field(description="When the job ended.")
    data: JobOutcome


class BatchOutcome(BaseModel):
    """The batch that has ended; its results are fetched from `/v1/batches/{id}/results`."""

    id: str
    state: JobState
    counts: ItemCounts


class BatchMessage(BaseModel):
    """The body of a webhook about a batch."""

    type: Literal["batch.succeeded", "batch.cancelled"]
    timestamp: datetime = Field(description="When the batch ended.")
    data: BatchOutcome


def describe(app: FastAPI) -> None:
    """Add the tags, a summary for each operation, and the webhooks."""
    app.openapi_tags = TAGS
    app.webhooks.add_api_route(
        "job",
        _receive_job,
        methods=["POST"],
        operation_id="jobEnded",
        summary="Job ended",
        tags=["jobs"],
        status_code=204,
    )
    app.webhooks.add_api_route(
        "batch",
        _receive_batch,
        methods=["POST"],
        operation_id="batchEnded",
        summary="Batch ended",
        tags=["batches"],
        status_code=204,
    )
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        for path in document["paths"].values():
            for operation in path.values():
                words = _WORD.findall(operation["operationId"])
                operation["summary"] = " ".join(words).capitalize()
                _describe_stream(operation)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _describe_stream(operation: dict[str, Any]) -> None:
    """Describe an event stream as OpenAPI 3.1 can: FastAPI writes the `itemSchema` of version 3.2."""
    for response in operation["responses"].values():
        content = response.get("content", {})
        if "text/event-stream" in content:
            schema = {
                "type": "object",
                "description": "One server-sent event; `data` is JSON.",
                "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
                "required": ["event", "data"],
            }
            content["text/event-stream"] = {"schema": schema}


WebhookId = Annotated[str, Header(description="The same at every attempt.")]
WebhookTimestamp = Annotated[int, Header(description="Seconds since 1970.")]
WebhookSignature = Annotated[
    str | None, Header(description="`v1,` and an HMAC-SHA256, if the callback has a secret.")
]


def _receive_batch(
    body: BatchMessage,
    webhook_id: WebhookId,
    webhook_timestamp: WebhookTimestamp,
    webhook_signature: WebhookSignature = None,
) -> None:
    """Sent to the `callback` of a batch when it has ended; answer with any 2xx status."""


def _receive_job(
    body: JobMessage,
    webhook_id: WebhookId,
    webhook_timestamp: WebhookTimestamp,
    webhook_signature: WebhookSignature = None,
) -> None:
    """Sent to the `callback` of a request when its job has ended; answer with any 2xx status."""
