"""The parameters of LibreTranslate's API, and the client that sends them."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from service.doors.access import Access
from service.doors.parameters import Parameters, read_parameters
from service.errors import MalformedRequest
from service.jobs.keys import Client
from service.jobs.scopes import Scope

InParameters = Annotated[Parameters, Depends(read_parameters)]


class Missing(MalformedRequest):
    """A parameter is missing."""

    def __init__(self, name: str) -> None:
        """`name` is the parameter's; LibreTranslate's clients know this message."""
        super().__init__(f"Invalid request: missing {name} parameter")


async def get_client(request: Request, parameters: InParameters) -> Client:
    """The client of the key in `api_key`, or in `Authorization: Bearer`."""
    access: Access = request.app.state.access
    key = parameters.get("api_key")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not isinstance(key, str):
        key = token if scheme.lower() == "bearer" else None
    return await run_in_threadpool(access.client, key, Scope.TRANSLATE)


InClient = Annotated[Client, Depends(get_client)]


def required(parameters: Parameters, name: str) -> str:
    """The text of a parameter; Missing where it is not given."""
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise Missing(name)
    return value


def texts_of(parameters: Parameters) -> tuple[list[str], bool]:
    """The texts of `q`, and whether it is an array."""
    value = parameters.get("q")
    if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
        return value, True
    return [required(parameters, "q")], False
