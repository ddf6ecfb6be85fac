"""The parameters of a request to a door, which clients send as JSON, as a form, or in the query."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request

from service.errors import MalformedRequest

Parameters = Mapping[str, Any]


async def read_parameters(request: Request) -> Parameters:
    """The parameters of the body, and of the query where the body is no JSON.

    A parameter that a form repeats is a list. Raises MalformedRequest where the body is neither a JSON
    object nor a form.
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
    return _joined(request.query_params.multi_items()) | _joined(form.multi_items())


def _joined(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for name, value in items:
        if name not in parameters:
            parameters[name] = value
        elif isinstance(parameters[name], list):
            parameters[name].append(value)
        else:
            parameters[name] = [parameters[name], value]
    return parameters
