"""Errors in the format of a door."""

import logging
from collections.abc import Callable, Mapping

import redis
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from models.errors import DragomanError
from service.doors.translations import JobFailed
from service.errors import DatabaseUnavailable, QueueUnavailable, TryLater

log = logging.getLogger(__name__)


def answer_errors(
    app: FastAPI,
    member: str,
    statuses: Mapping[int, int],
    special: Callable[[DragomanError], int | None],
) -> None:
    """Answer every error with an object whose `member` is the message.

    `statuses` are the door's status codes where they differ from Dragoman's; `special` gives the status of
    a single error that differs further, else None.
    """

    def respond(status: int, message: str, retry_after: int | None = None) -> JSONResponse:
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
        return JSONResponse({member: message}, statuses.get(status, status), headers)

    @app.exception_handler(DragomanError)
    async def _dragoman(_: Request, error: DragomanError) -> JSONResponse:
        status = error.status_of_job if isinstance(error, JobFailed) else error.status
        retry_after = error.retry_after if isinstance(error, TryLater) else None
        return respond(special(error) or status, error.detail, retry_after)

    @app.exception_handler(redis.RedisError)
    async def _redis(request: Request, _: redis.RedisError) -> JSONResponse:
        return await _dragoman(request, QueueUnavailable())

    @app.exception_handler(OperationalError)
    async def _database(request: Request, error: OperationalError) -> JSONResponse:
        log.error("The database: %s", error.orig)
        return await _dragoman(request, DatabaseUnavailable())

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return respond(400, f"Invalid request: {error.errors()[0]['msg']}")

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return respond(error.status_code, error.detail)
