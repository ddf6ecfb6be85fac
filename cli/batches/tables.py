"""Tables of articles: CSV files of any usual dialect, read and written by the names of their columns."""

import codecs
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from service.errors import InvalidRequest

Row = dict[str, str]

NOT_UTF8 = "surrogateescape"
"""Invalid UTF-8 becomes lone surrogates, which the intake rejects line by line."""
TEXTS = ("title", "deck", "body")
"""The columns that together are an article."""
FIELDS = ("custom_id", "task", "text", "source", "target", "model", "furniture", "style")
"""The columns that are fields of a line."""
RESULTS = ("custom_id", "status", "text", *TEXTS, "error")
"""The columns of a table of results, before those of the input that have other names."""
_DELIMITERS = ",;\t|"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""The encodings by the byte order mark at the start of a file."""


def open_input(path: Path) -> io.BufferedReader:
    """Open a file for reading, uncompressed if its name ends with `.gz`."""
    if path.suffix.lower() == ".gz":
        return io.BufferedReader(gzip.open(path, "rb"))
    return path.open("rb")


def read_rows(path: Path, encoding: str | None) -> Iterator[Row]:
    """Yield the rows of a table; a known name of a column is in lower case, however the table has it.

    The delimiter is the comma, semicolon, tab or bar that the header has most of. The encoding is that of
    the byte order mark, or UTF-8, if not given. Raises InvalidRequest where no column has a text.
    """
    csv.field_size_limit(2**31 - 1)
    with open_input(path) as binary:
        codec = encoding or _encoding(binary.peek(4))
        try:
            codecs.lookup(codec)
        except LookupError:
            raise InvalidRequest(
                f"There is no encoding {codec!r}: cp1252 and utf-16 are two."
            ) from None
        errors = NOT_UTF8 if codec.startswith("utf-8") else "strict"
        text = io.TextIOWrapper(binary, codec, errors, newline="")
        try:
            header = text.readline()
            delimiter = max(_DELIMITERS, key=header.count)
            names = [_name(name) for name in next(csv.reader([header], delimiter=delimiter), [])]
            if not {"text", *TEXTS} & set(names):
                raise InvalidRequest(
                    f"{path} has the columns {', '.join(sorted(names)) or 'of an empty file'}: "
                    "name one `text`, or `title`, `deck` and `body`."
                )
            for row in csv.DictReader(text, names, restkey="", delimiter=delimiter):
                yield {name: value for name, value in row.items() if name and value}
        except UnicodeError as error:
            raise InvalidRequest(
                f"{path} is not {codec} ({error}): give its --encoding."
            ) from error


def write_results(file: IO[bytes], results: Iterable[bytes]) -> None:
    """Write results as a table."""
    with table_writer(file, RESULTS) as table:
        table.writerows(map(_result, results))


def write_joined(
    file: IO[bytes],
    results: Iterable[bytes],
    rejected: Mapping[int, str],
    rows: Callable[[], Iterable[Row]],
) -> None:
    """Write results as a table with every row of the input, in its order, and with its other columns.

    `rejected` are the reasons of the rows that were rejected, by number from 1.
    """
    own = dict.fromkeys(name for row in rows() for name in row if name not in RESULTS)

    def joined() -> Iterator[dict[str, Any]]:
        lines = iter(results)
        for number, row in enumerate(rows(), 1):
            kept = {name: row.get(name) for name in own}
            if number in rejected:
                ids = {"custom_id": row.get("custom_id", str(number))}
                yield kept | ids | {"status": "rejected", "error": rejected[number]}
            else:
                yield kept | _result(next(lines))

    with table_writer(file, [*RESULTS, *own]) as table:
        table.writerows(joined())


@contextmanager
def table_writer(file: IO[bytes], columns: Sequence[str]) -> "Iterator[csv.DictWriter[str]]":
    """Write a table for a spreadsheet, row by row."""
    # With a byte order mark: without it, spreadsheets assume their own code page.
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    yield writer
    text.detach()


def _result(line: bytes) -> dict[str, Any]:
    fields = json.loads(line)
    result = fields.get("result", {})
    return {
        "custom_id": fields["custom_id"],
        "status": fields["status"],
        "text": result.get("text"),
        **(result.get("article") or {}),
        "error": fields.get("error", {}).get("detail"),
    }


def _name(name: str) -> str:
    stripped = name.strip()
    known = stripped.lower()
    return known if known in {*FIELDS, *TEXTS} else stripped


def _encoding(start: bytes) -> str:
    return next((codec for mark, codec in _MARKS.items() if start.startswith(mark)), "utf-8")
