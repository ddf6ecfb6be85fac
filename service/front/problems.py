"""Answers every error with an RFC 9457 problem."""

import json
import logging
import sqlite3
from collections.abc import Sequence
from typing import Any

import redis
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from models.errors import DragomanError
from service.batches.file import is_damage
from service.errors import (
    BatchDamaged,
    DatabaseUnavailable,
    InternalError,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    QueueUnavailable,
    QuotaExceeded,
    RequestTimeout,
    StorageUnavailable,
    TryLater,
    Unauthorized,
    UnsupportedMediaType,
    invalid_request,
    problem,
)

PROBLEM_JSON = "application/problem+json"

log = logging.getLogger(__name__)


class ProblemResponse(JSONResponse):
    """A problem, in ASCII: it may quote a field name with half a surrogate pair."""

    media_type = PROBLEM_JSON

    def render(self, content: Any) -> bytes:
        """Return the problem as JSON."""
        return json.dumps(content).encode("ascii")


def respond(error: DragomanError, headers: dict[str, str] | None = None) -> ProblemResponse:
    """Return the error as a response; one that can be retried says when."""
    headers = dict(headers or {})
    if isinstance(error, TryLater):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, QuotaExceeded):
        headers.update(error.fields)
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = 'Bearer realm="dragoman"'
    return ProblemResponse(problem(error), status_code=error.status, headers=headers)


def install(app: FastAPI) -> None:
    """Answer every exception with a problem."""

    @app.exception_handler(DragomanError)
    async def _dragoman(_: Request, error: DragomanError) -> JSONResponse:
        return respond(error)

    @app.exception_handler(redis.RedisError)
    async def _redis(_: Request, error: redis.RedisError) -> JSONResponse:
        log.warning("Redis: %s", error)
        return respond(QueueUnavailable())

    @app.exception_handler(sqlite3.DatabaseError)
    async def _disk(request: Request, error: sqlite3.DatabaseError) -> JSONResponse:
        if is_damage(error):
            log.error("The batch of %s is damaged: %s", request.url.path, error)
            return respond(BatchDamaged())
        log.error("The disk of the batches: %s", error)
        return respond(StorageUnavailable())

    @app.exception_handler(OSError)
    async def _file(_: Request, error: OSError) -> JSONResponse:
        log.error("The disk of the batches: %s", error)
        return respond(StorageUnavailable())

    @app.exception_handler(OperationalError)
    async def _database(_: Request, error: OperationalError) -> JSONResponse:
        log.error("The database: %s", error.orig)
        return respond(DatabaseUnavailable())

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return respond(_validation_error(request, error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        known: dict[int, DragomanError] = {
            400: MalformedRequest(),
            404: NotFound(),
            408: RequestTimeout(),
            405: MethodNotAllowed(),
            413: PayloadTooLarge(error.detail),
            415: UnsupportedMediaType("Send the body uncompressed."),
        }
        headers = dict(error.headers or {})
        if error.status_code == 408:
            headers["Connection"] = "close"
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_methods(app, request.url.path)) or headers["Allow"]
        return respond(known[error.status_code], headers)

    @app.exception_handler(Exception)
    async def _bug(_: Request, error: Exception) -> JSONResponse:
        # The server logs the traceback, which the caller must not see, and closes the connection.
        del error
        return respond(InternalError(), {"Connection": "close"})


def _methods(app: FastAPI, path: str) -> list[str]:
    """Return all methods of a path: Starlette lists only those of its first route."""
    return sorted(
        method.upper()
        for template, methods in app.openapi()["paths"].items()
        if compile_path(template)[0].match(path)
        for method in methods
    )


def _validation_error(request: Request, errors: Sequence[Any]) -> DragomanError:
    if any(error["type"] == "json_invalid" for error in errors):
        return MalformedRequest()
    content_type = request.headers.get("content-type", "").split(";")[0].strip()
    is_json = content_type == "application/json" or content_type.endswith("+json")
    if request.method in {"PATCH", "POST", "PUT"} and not is_json:
        return UnsupportedMediaType()
    return invalid_request(errors)
