"""A batch as a caller sees it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from service.jobs.job import Status


class Counts(BaseModel):
    """Items by what became of them; `done` and `failed` together come to `total`."""

    total: int
    done: int
    failed: int
    cached: int = Field(description="Of the done: the same request as an earlier line's.")
    rejected: int = Field(description="Lines that could not be taken; they count nowhere else.")


class Characters(BaseModel):
    """Characters of the source texts: a measure of the work."""

    done: int
    total: int


class Batch(Status):
    """What a caller sees of a batch."""

    counts: Counts
    characters: Characters
    rate: float | None = Field(
        None, description="Characters a second, over the last minutes of work."
    )
    seconds_left: float | None = Field(None, description="At that rate.")
    expires_at: datetime | None = Field(None, description="When the results are removed.")
    rejected: list[dict[str, Any]] = Field(
        description="The first lines that could not be taken; all are at `/errors`."
    )
