"""A batch as a caller sees it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from service.jobs.views import CallbackStatus, Status


class ItemCounts(BaseModel):
    """Items by outcome; when the batch has succeeded, `done` and `failed` add up to `total`."""

    total: int
    done: int
    failed: int
    cached: int = Field(
        description="Items among `done` that repeat the request of an earlier line."
    )
    rejected: int = Field(description="Invalid lines; they are counted nowhere else.")


class SentenceCounts(BaseModel):
    """Sentences of the translations that are done, and where they and their terms come from."""

    total: int
    from_memory: int = Field(description="Those that the translation memory had.")
    terms: int = Field(description="Terms of glossaries that are in them.")
    terms_missing: int = Field(description="Of these, the ones that a translation does not have.")


class Characters(BaseModel):
    """Characters of the source texts: a measure of the work."""

    done: int
    total: int


class Batch(Status):
    """A batch as a caller sees it."""

    counts: ItemCounts
    sentences: SentenceCounts
    characters: Characters
    rate: float | None = Field(
        None, description="Characters per second, over the last minutes of work."
    )
    seconds_left: float | None = Field(None, description="At that rate.")
    expires_at: datetime | None = Field(None, description="When the results are removed.")
    callback: CallbackStatus | None = None
    rejected: list[dict[str, Any]] = Field(
        description="The first invalid lines; `/errors` has all."
    )


class BatchPage(BaseModel):
    """Some of a client's batches, the newest first."""

    batches: list[Batch]
    page: int
    total: int = Field(description="Batches on all pages.")
