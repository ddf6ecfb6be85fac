"""`/v1/usage`: what a client has used of what his key allows."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from service.front.auth import Caller
from service.front.context import InContext
from service.jobs.keys import Limits, Scope

router = APIRouter(tags=["usage"])


class Used(BaseModel):
    """The count of a minute or of a calendar month, in UTC."""

    limit: int | None = Field(description="Null where there is none.")
    used: int
    seconds_left: int = Field(description="Until the next minute or month begins.")


class Usage(BaseModel):
    """What the caller's key allows, and what his client has used of it with all his keys."""

    client: str
    scopes: list[Scope]
    limits: Limits
    in_flight: int = Field(description="Jobs queued and running now.")
    windows: dict[str, Used] = Field(
        description="`requests-per-minute`, `requests-per-month`, the same for `characters`."
    )


@router.get("/v1/usage")
def usage(context: InContext, client: Caller) -> Usage:
    """What you have used of what your key allows."""
    return Usage(
        client=client.name,
        scopes=sorted(client.scopes),
        limits=client.limits,
        in_flight=context.quotas.in_flight(client),
        windows={
            window.name: Used(limit=window.limit, used=window.used, seconds_left=window.left)
            for window in context.quotas.standing(client)
        },
    )
