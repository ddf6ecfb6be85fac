"""Requests as they are queued: the input of the pipeline, the queue and the webhook."""

import base64
import re
from ipaddress import ip_address
from typing import Annotated

import httpx
from pydantic import AfterValidator, Field

from pipeline.glossary.terms import Term
from pipeline.requests import (
    AlternativesRequest,
    KnownTranslation,
    Source,
    Strict,
    SummaryRequest,
    TranslationRequest,
)
from service.jobs.job import Queue

_HOST_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")
"""A host name as DNS carries it (RFC 1035), with the underscores that real names have."""


def is_url(text: str) -> str:
    """The URL as it is used. Raises ValueError if it is not one that can be fetched or called."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"The URL is invalid: {error}.") from None
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise ValueError("Give an http or https URL with a host and without a user name.")
    if not (_HOST_NAME.fullmatch(url.raw_host.decode().removesuffix(".")) or _is_ip(url.host)):
        raise ValueError(
            "The host of the URL is invalid: each label of a name has 1 to 63 letters, digits or "
            "hyphens, the whole name at most 253 characters."
        )
    if url.port is not None and not 1 <= url.port <= 65535:
        raise ValueError("The port of the URL is invalid: give one from 1 to 65535.")
    return str(url)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_secret(text: str) -> str:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not text.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("Give `whsec_` and 24 to 64 random bytes in base64.")
    return text


class Callback(Strict):
    """A webhook to call when the job has ended, as defined by Standard Webhooks."""

    url: Annotated[
        str, AfterValidator(is_url), Field(max_length=2000, examples=["https://cms.example/done"])
    ]
    secret: Annotated[str, AfterValidator(_is_secret)] | None = Field(
        None, description="Signs the messages: `whsec_` and 24 to 64 bytes in base64."
    )


class QueuedRequest(Source):
    """The part of a request that concerns its job: the queue and the webhook."""

    priority: Queue = Field(
        Queue.INTERACTIVE, description="`batch` jobs wait behind all `interactive` jobs."
    )
    callback: Callback | None = Field(None, description="Webhook to call when the job has ended.")


class QueuedTranslation(TranslationRequest, QueuedRequest):
    """A translation to queue."""


class QueuedKnownTranslation(KnownTranslation, QueuedTranslation):
    """The same with what is known already, as a worker gets it."""

    in_parts: bool = Field(
        False, description="Publish each part that is translated, for an editor who reads along."
    )


class QueuedAlternatives(AlternativesRequest, QueuedRequest):
    """A sentence of which other translations are wanted, to queue."""


class SentenceCheck(Strict):
    """A sentence that an editor has written, to be checked against its source."""

    source: str
    target: str
    source_language: str
    target_language: str
    region: str | None = None
    terms: list[Term] = Field(default_factory=list)


class QueuedSummary(SummaryRequest, QueuedRequest):
    """A summary to queue."""
