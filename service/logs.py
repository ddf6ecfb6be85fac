"""What the processes of the service write about themselves: a line an event, as text or as JSON.

No line shows an article's text or a key. Messages carry ids and counts; and of an exception only the
place and the type is written, but for those of Redis, of the operating system and of our own: the
message of any other may quote what it could not deal with.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import redis
from pythonjsonlogger.json import JsonFormatter

from models.errors import DragomanError
from service.settings import Settings

_TOLD = (redis.RedisError, OSError, DragomanError)
_FIELDS = {"levelname": "level", "name": "logger"}

_work: ContextVar[str | None] = ContextVar("work", default=None)


@contextmanager
def about(record_id: str) -> Iterator[None]:
    """Lines that are written in the `with` carry this id, of a job or another record, as `id`."""
    token = _work.set(record_id)
    try:
        yield
    finally:
        _work.reset(token)


def configure(settings: Settings) -> None:
    """Send what every library and module logs to stderr, in the settings' format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.log_format == "json" else _Text())
    handler.addFilter(_mark)
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.captureWarnings(True)


def _mark(record: logging.LogRecord) -> bool:
    if (record_id := _work.get()) is not None:
        record.id = record_id
    return True


class _Told(logging.Formatter):
    """Writes exceptions without what they may quote."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """The frames and the type of the exception, and of those that led to it."""
        assert isinstance(ei, tuple)
        parts: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            message = f": {error}" if isinstance(error, _TOLD) else ""
            parts.append(f"{frames}{type(error).__qualname__}{message}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(parts))


class _Text(_Told):
    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s [%(id)s]: %(message)s", defaults={"id": "-"}
        )


class _Json(_Told, JsonFormatter):
    def __init__(self) -> None:
        JsonFormatter.__init__(
            self, "%(levelname)s %(name)s %(message)s", rename_fields=_FIELDS, timestamp=True
        )
