"""The parameters of a request, which clients send as JSON, as a form, or in the query."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from service.errors import MalformedRequest

Parameters = Mapping[str, Any]


class Missing(MalformedRequest):
    """A parameter is missing."""

    def __init__(self, name: str) -> None:
        """`name` is the parameter's; LibreTranslate's clients know this message."""
        super().__init__(f"Invalid request: missing {name} parameter")


async def read_parameters(request: Request) -> Parameters:
    """The parameters of the body, or of the query where there is no body.

    Raises MalformedRequest where the body is neither a JSON object nor a form.
    """
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type.endswith("json"):
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            raise MalformedRequest("Invalid request: the body is not valid JSON") from None
        if not isinstance(body, dict):
            raise MalformedRequest("Invalid request: the body is not a JSON object")
        return body
    form = await request.form()
    return {**request.query_params, **form}


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
