"""Requests as they are queued: what the pipeline is asked for, the queue and the webhook."""

import base64
from typing import Annotated

import httpx
from pydantic import AfterValidator, Field

from pipeline.requests import Source, Strict, SummaryRequest, TranslationRequest
from service.jobs.job import Queue


def _is_url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"This is no URL: {error}.") from None
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise ValueError("Give a URL of http or https, with a host, without a user's name.")
    return str(url)


def _is_secret(text: str) -> str:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not text.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("Give `whsec_` and 24 to 64 random bytes in base64.")
    return text


class Callback(Strict):
    """Who is to be told when the job has ended, as a Standard Webhook."""

    url: Annotated[
        str, AfterValidator(_is_url), Field(max_length=2000, examples=["https://cms.example/done"])
    ]
    secret: Annotated[str, AfterValidator(_is_secret)] | None = Field(
        None, description="The messages are signed with it: `whsec_` and 24 to 64 bytes in base64."
    )


class QueuedRequest(Source):
    """Which queue a request waits in, and who is told when its job has ended."""

    priority: Queue = Field(
        Queue.INTERACTIVE, description="`batch` waits behind every `interactive` job."
    )
    callback: Callback | None = Field(
        None, description="The webhook to call when the job has ended."
    )


class QueuedTranslation(TranslationRequest, QueuedRequest):
    """A translation to queue."""


class QueuedSummary(SummaryRequest, QueuedRequest):
    """A summary to queue."""
