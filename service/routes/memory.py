"""`/v1/memory`: what your editors have corrected and approved, and what you imported."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, Field

from models.language_codes import primary_subtag, regional_tag
from pipeline.requests import Language
from service.front.auth import Caller, allowed
from service.front.context import InContext
from service.jobs.scopes import Scope
from service.storage.database import storable
from service.storage.memory import Memory
from service.stories.views import moment

router = APIRouter(tags=["memory"], dependencies=[Depends(allowed(Scope.TRANSLATE))])


class UnitView(BaseModel):
    """A unit of the memory."""

    id: int
    source_language: str
    target_language: str
    source: str
    target: str
    origin: Literal["edited", "approved", "imported"]
    author: str
    story: str | None = Field(description="The story that taught it; null if it was imported.")
    created_at: datetime


class PairCount(BaseModel):
    """How many units of an origin there are for a pair of languages."""

    source_language: str
    target_language: str
    origin: Literal["edited", "approved", "imported"]
    units: int


class MemoryView(BaseModel):
    """The counts of the whole memory, and the units that were searched for."""

    counts: list[PairCount]
    units: list[UnitView]


class Forgotten(BaseModel):
    """How many units were deleted."""

    units: int


@router.get("/v1/memory", operation_id="readMemory")
def read(
    context: InContext,
    client: Caller,
    query: Annotated[
        str | None,
        Query(min_length=1, max_length=200, description="In source or target."),
        AfterValidator(storable),
    ] = None,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> MemoryView:
    """What the memory has: its counts, and with `query` the newest units that contain it."""
    with context.stories.database.reading() as session:
        memory = Memory(session)
        units = memory.search(client.name, query, size) if query is not None else []
        return MemoryView(
            counts=[
                PairCount(source_language=source, target_language=target, origin=origin, units=n)
                for source, target, origin, n in memory.counts(client.name)
            ],
            units=[
                UnitView(
                    id=unit.id,
                    source_language=unit.source_language,
                    target_language=unit.target_language,
                    source=unit.source,
                    target=unit.target,
                    origin=unit.origin,
                    author=unit.author,
                    story=unit.story,
                    created_at=moment(unit.created_at),
                )
                for unit in units
            ],
        )


@router.delete("/v1/memory", operation_id="forgetMemory")
def forget(
    context: InContext,
    client: Caller,
    source: Annotated[Language | None, Query(description="Only from this language.")] = None,
    target: Annotated[Language | None, Query(description="Only into this language.")] = None,
    story: Annotated[
        str | None,
        Query(max_length=200, description="Only what this story taught."),
        AfterValidator(storable),
    ] = None,
    unit: Annotated[
        int | None, Query(ge=1, lt=2**31, description="Only the unit of this id.")
    ] = None,
) -> Forgotten:
    """Forget units: those that fit everything that is given, all where nothing is."""
    with context.stories.database.writing() as session:
        gone = Memory(session).forget(
            client.name,
            source=source and primary_subtag(source),
            target=target and regional_tag(target),
            story=story,
            unit_id=unit,
        )
    context.stories.database.purge()
    return Forgotten(units=gone)
