"""The parameters of DeepL's API: JSON with its types, or forms in which all are text."""

from collections.abc import Collection
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from service.doors.access import Access
from service.doors.deepl.errors import MissingParameter, UnsupportedValue
from service.doors.parameters import Parameters, read_parameters
from service.jobs.keys import Client
from service.jobs.scopes import Scope

InParameters = Annotated[Parameters, Depends(read_parameters)]


async def get_client(request: Request, parameters: InParameters) -> Client:
    """The client of the key in `Authorization: DeepL-Auth-Key`, or of the older `auth_key`."""
    access: Access = request.app.state.access
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in ("deepl-auth-key", "bearer"):
        key = text(parameters, "auth_key") or ""
    return await run_in_threadpool(access.client, key, Scope.TRANSLATE)


InClient = Annotated[Client, Depends(get_client)]


def text(parameters: Parameters, name: str) -> str | None:
    """A parameter that is a text; None if it is not given."""
    value = parameters.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise UnsupportedValue(name, "Give a string.")
    return value


def required(parameters: Parameters, name: str) -> str:
    """The same, or MissingParameter."""
    value = text(parameters, name)
    if value is None:
        raise MissingParameter(name)
    return value


def one_of(parameters: Parameters, name: str, allowed: Collection[str]) -> str | None:
    """A parameter that is one of some words, in any case; None if it is not given."""
    value = parameters.get(name)
    if value is None or value == "":
        return None
    word = str(value).lower()
    if word not in allowed:
        raise UnsupportedValue(name, f"Give one of {', '.join(sorted(allowed))}.")
    return word


def is_on(parameters: Parameters, name: str, default: bool = False) -> bool:
    """A parameter that is on or off: a boolean, or 1 and 0."""
    value = parameters.get(name)
    if value is None or value == "":
        return default
    word = str(value).lower()
    if word not in ("0", "1", "false", "true"):
        raise UnsupportedValue(name, "Give true or false.")
    return word in ("1", "true")


def names(parameters: Parameters, name: str) -> list[str]:
    """A parameter that is a list of names: an array, or names separated by commas."""
    value = parameters.get(name)
    parts = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(part, str) for part in parts):
        raise UnsupportedValue(name, "Give an array of strings.")
    return [word for part in parts for one in part.split(",") if (word := one.strip())]


def texts(parameters: Parameters) -> list[str]:
    """The texts of `text`."""
    value = parameters.get("text")
    if value is None or value == []:
        raise MissingParameter("text")
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in listed):
        raise UnsupportedValue("text", "Give an array of strings.")
    return listed
