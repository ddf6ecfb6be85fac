"""Read the input of `dragoman batch run`: JSONL, CSV with named columns, or a folder of files.

Each reader yields the lines of a batch, one at a time.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cli.batches.input_format import Format
from cli.batches.tables import FIELDS, NOT_UTF8, TEXTS, open_input, read_rows
from cli.common import files_below
from pipeline.documents.file_types import FILE_TYPES, format_of_name, from_bytes
from service.errors import InvalidRequest
from service.jobs.job import Task

Fields = dict[str, Any]


class Defaults:
    """Fields from the command line, for lines that do not set them themselves."""

    def __init__(self, task: Task, common: Fields, of_task: Fields) -> None:
        """`of_task` applies only to lines of this task: a translation has no style."""
        self._task = task
        self._common = common
        self._of_task = of_task

    def fill(self, fields: Fields) -> Fields:
        """The line's fields, completed with the defaults."""
        filled = {"task": self._task.value, **self._common, **fields}
        return {**self._of_task, **filled} if filled["task"] == self._task.value else filled


def read_lines(
    path: Path, format_: Format, defaults: Defaults, encoding: str | None = None
) -> Iterator[bytes]:
    """Yield the input as lines of a batch, without line ends; `encoding` is that of a table.

    Raises InvalidRequest.
    """
    try:
        match format_:
            case Format.JSONL:
                yield from _jsonl(path, defaults)
            case Format.CSV:
                yield from _csv(path, defaults, encoding)
            case Format.FOLDER:
                yield from _folder(path, defaults)
    except OSError as error:
        raise InvalidRequest(f"{error.filename or path}: {error.strerror or error}") from error


def _jsonl(path: Path, defaults: Defaults) -> Iterator[bytes]:
    with open_input(path) as file:
        for number, raw in enumerate(file):
            line = raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw
            try:
                fields = json.loads(line)
            except (ValueError, RecursionError):
                fields = None
            # A line that is not an object passes unchanged; the intake rejects it with its number.
            yield _line(defaults.fill(fields)) if isinstance(fields, dict) else line.rstrip(b"\r\n")


def _csv(path: Path, defaults: Defaults, encoding: str | None) -> Iterator[bytes]:
    """Read the rows of a table; columns with unknown names are no fields."""
    for number, row in enumerate(read_rows(path, encoding), 1):
        fields: Fields = {name: value for name, value in row.items() if name in FIELDS}
        article = {name: value for name, value in row.items() if name in TEXTS}
        if article:
            fields["article"] = article
        yield _line(defaults.fill({"custom_id": str(number), **fields}))


def _folder(path: Path, defaults: Defaults) -> Iterator[bytes]:
    """Read each text and document below the folder; its path relative to the folder is its custom_id.

    A document that is not UTF-8 is left to the intake to reject, as a text is.
    """
    for file in files_below(path):
        known = format_of_name(file.name)
        data = file.read_bytes()
        fields: Fields = {"custom_id": file.relative_to(path).as_posix()}
        if known is None:
            fields |= {"text": data.decode("utf-8-sig", NOT_UTF8)}
        elif FILE_TYPES[known].is_binary:
            fields |= {"document": from_bytes(data, known), "format": known}
        else:
            fields |= {"document": data.decode("utf-8", NOT_UTF8), "format": known}
        yield _line(defaults.fill(fields))


def _line(fields: Fields) -> bytes:
    return json.dumps(fields).encode("ascii")
