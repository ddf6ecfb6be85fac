"""What several commands share: options, reading a text, checking a request, ending with a message."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from models.language_codes import primary_subtag, regional_tag

if TYPE_CHECKING:
    from models.catalogue import Catalogue
    from pipeline.pipeline import Pipeline
    from pipeline.requests import FileFormat
    from pipeline.results import TranslationResult
    from service.storage.database import Database

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE|-", help="A text in UTF-8, or a document; stdin with -, or if piped."
    ),
]
STDIN = "-"
DATA = Path("data")
"""The folder of `dragoman up` if none is given."""
EffortOption = Annotated[
    str | None,
    typer.Option("--effort", help="fast, balanced or best: how many translations are compared."),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print the result alone: no notes and no progress.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the whole result as JSON.")]
Source = Annotated[
    str | None, typer.Option("--from", help="The text's language; detected if not given.")
]
Server = Annotated[
    str | None,
    typer.Option(
        help="The address of a front that does the work. If not given, `dragoman up` in this folder "
        "does it if it runs; otherwise this process."
    ),
]
Strict = Annotated[bool, typer.Option(help="Exit with 4 if a sentence is flagged.")]


ClientName = Annotated[
    str, typer.Option("--client", help="The client whose it is, as named in its API keys.")
]
From = Annotated[
    str, typer.Option("--from", parser=primary_subtag, help="The language of the sources.")
]
To = Annotated[
    str, typer.Option("--to", parser=primary_subtag, help="The language of the translations.")
]
RegionalTo = Annotated[
    str,
    typer.Option(
        "--to", parser=regional_tag, help="The same, with a region for a memory of its own."
    ),
]


class ExitCode(IntEnum):
    """How a command ended, for a shell; 2 is typer's own, for a wrong command line."""

    FAILED = 1
    REFUSED = 3
    FLAGGED = 4
    INTERRUPTED = 130


def fail(message: str, code: ExitCode) -> NoReturn:
    """End the command with one line on stderr."""
    from cli.terminal import be_quiet, say

    be_quiet(False)
    say(f"dragoman: {message}", "red")
    raise SystemExit(code)


def given(**options: object) -> dict[str, Any]:
    """The options that were given on the command line."""
    return {name: value for name, value in options.items() if value is not None}


def check_piped(file: str) -> None:
    """End the command where it would wait for a text to be typed."""
    if file == STDIN and sys.stdin.isatty():
        fail("give a file, or pipe a text into it.", ExitCode.REFUSED)


def read_bytes(file: str) -> bytes:
    """The bytes of a file, or of stdin for `-`; ends the command if it cannot be read."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}", ExitCode.REFUSED)


def read_text(file: str) -> str:
    """The text of a file, or of stdin for `-`; ends the command if it cannot be read."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{file} is not UTF-8 (byte {error.start}): convert it first.", ExitCode.REFUSED)


def files_below(folder: Path) -> list[Path]:
    """The texts (`*.txt`) and the documents in a folder and those in it, by their names."""
    from pipeline.documents.file_types import format_of_name

    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and (path.suffix.lower() == ".txt" or format_of_name(path.name))
    )


def read_source(file: str, format_: "FileFormat | None") -> dict[str, Any]:
    """Read a file as a request's fields: a document if its format or name says so, otherwise a text."""
    from pipeline.documents.file_types import format_of_name, from_bytes

    known = format_ or format_of_name(file)
    if known is None:
        return {"text": read_text(file)}
    return {"document": from_bytes(read_bytes(file), known), "format": known}


def write_result(result: "TranslationResult", as_json: bool, out: Path | None) -> None:
    """Write a translation to `out` or stdout: the document, the text, or the whole result as JSON."""
    from pipeline.documents.file_types import to_bytes

    if as_json:
        data = result.model_dump_json(indent=2).encode()
    elif result.document is not None and result.format is not None:
        data = to_bytes(result.document, result.format)
    else:
        data = (result.text or "").encode()
    if out is None:
        is_text = as_json or result.document is None
        typer.echo(data, nl=is_text)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    except OSError as error:
        fail(f"{out}: {error.strerror}", ExitCode.FAILED)


@contextmanager
def validation() -> Iterator[None]:
    """End the command with the first field that is invalid."""
    from pydantic import ValidationError

    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        fail(f"{where}: {message}" if where else message, ExitCode.REFUSED)


@contextmanager
def local_database() -> "Iterator[Database]":
    """The database of the settings; for the database of a running stack set DRAGOMAN_DATABASE_URL."""
    from service.settings import get_settings
    from service.storage.schema import open_database

    with closing(open_database(get_settings())) as database:
        yield database


def load_catalogue() -> "Catalogue":
    """The models that the settings name."""
    from service.settings import get_settings

    return get_settings().load_catalogue()


def load_pipeline(catalogue: "Catalogue") -> "Pipeline":
    """A pipeline in this process; it loads a model when a text first needs it."""
    from service.settings import get_settings
    from workers.resident import pipeline_of

    return pipeline_of(get_settings(), catalogue)
