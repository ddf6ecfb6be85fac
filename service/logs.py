"""The logs of all processes: one line per event, as text or as JSON.

No line holds an article's text or a key. Messages hold ids and counts. Of an exception only the place and
the type are logged, except for those of Redis, of the operating system and of Dragoman: the message of
any other may quote the text that caused it.
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import redis
from pythonjsonlogger.json import JsonFormatter

from models.errors import DragomanError
from service.settings import Settings

_SAFE = (redis.RedisError, OSError, DragomanError)
"""Exceptions whose message quotes no text."""
_FIELDS = {"levelname": "level", "name": "logger"}

REPEATS, REPEAT_SECONDS = 20, 10.0
"""The most warnings of one kind that are logged in so many seconds: a flood must not fill the disk."""

_NUMBER = re.compile(r"\d+")

_work: ContextVar[str | None] = ContextVar("work", default=None)


@contextmanager
def log_context(record_id: str) -> Iterator[None]:
    """Add the id of a job or another record to the lines that are logged in the `with`, as `id`."""
    token = _work.set(record_id)
    try:
        yield
    finally:
        _work.reset(token)


def configure(settings: Settings) -> None:
    """Send the logs of all libraries and modules to stderr, in the format of the settings.

    Every process calls this first.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.log_format == "json" else _Text())
    handler.addFilter(_add_id)
    handler.addFilter(RepeatFilter())
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.captureWarnings(True)


def _add_id(record: logging.LogRecord) -> bool:
    if (record_id := _work.get()) is not None:
        record.id = record_id
    return True


class RepeatFilter(logging.Filter):
    """Drops warnings and errors of one kind beyond `REPEATS` in `REPEAT_SECONDS`, and counts them."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}
        """By logger and message: when the count began, and the count."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged."""
        if record.levelno < logging.WARNING:
            return True
        # asyncio writes handles and times into its messages.
        kind = (record.name, _NUMBER.sub("", str(record.msg).partition("\n")[0]))
        now = time.monotonic()
        began, count = self._kinds.get(kind, (now, 0))
        if now - began >= REPEAT_SECONDS:
            if count > REPEATS:
                record.msg = f"{record.msg} ({count - REPEATS} similar lines were dropped)"
            began, count = now, 0
        self._kinds[kind] = (began, count + 1)
        return count < REPEATS


class _SafeFormatter(logging.Formatter):
    """Formats exceptions without the messages that may quote a text."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name that logging calls
        """Return the frames and types of the exception and of its causes."""
        assert isinstance(ei, tuple)
        parts: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            message = f": {error}" if isinstance(error, _SAFE) else ""
            parts.append(f"{frames}{type(error).__qualname__}{message}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(parts))


class _Text(_SafeFormatter):
    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s [%(id)s]: %(message)s", defaults={"id": "-"}
        )


class _Json(_SafeFormatter, JsonFormatter):
    def __init__(self) -> None:
        JsonFormatter.__init__(
            self, "%(levelname)s %(name)s %(message)s", rename_fields=_FIELDS, timestamp=True
        )
