"""`/v1/usage`: the limits of a key, and what its client has used."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from service.front.auth import Caller
from service.front.context import InContext
from service.jobs.keys import Limits
from service.jobs.scopes import Scope

router = APIRouter(tags=["usage"])


class Used(BaseModel):
    """The count of a minute or of a calendar month, in UTC."""

    limit: int | None = Field(description="Null if there is no limit.")
    used: int
    seconds_left: int = Field(description="Until the next minute or month begins.")


class Usage(BaseModel):
    """The limits of the caller's key, and what its client has used with all its keys."""

    client: str
    scopes: list[Scope]
    limits: Limits
    in_flight: int = Field(description="Unfinished jobs.")
    windows: dict[str, Used] = Field(
        description="`requests-per-minute`, `requests-per-month`, and the same for `characters`."
    )


@router.get("/v1/usage", operation_id="readUsage")
def usage(context: InContext, client: Caller) -> Usage:
    """Return the limits of your key and what you have used."""
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
