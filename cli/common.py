"""What several commands share: options, reading a text, checking a request, ending with a message."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from models.catalogue import Catalogue
    from pipeline.pipeline import Pipeline

File = Annotated[str, typer.Argument(metavar="FILE|-", help="A text in UTF-8; - reads stdin.")]
Json = Annotated[bool, typer.Option("--json", help="Print the whole result as JSON.")]
Source = Annotated[
    str | None, typer.Option("--from", help="The text's language; detected if not given.")
]
Strict = Annotated[bool, typer.Option(help="Exit with 4 if a sentence is flagged.")]


class ExitCode(IntEnum):
    """How a command ended, for a shell; 2 is typer's own, for a wrong command line."""

    FAILED = 1
    REFUSED = 3
    FLAGGED = 4
    INTERRUPTED = 130


def fail(message: str, code: ExitCode) -> NoReturn:
    """End the command with one line on stderr."""
    from cli.terminal import say

    say(f"dragoman: {message}", "red")
    raise SystemExit(code)


def given(**options: object) -> dict[str, Any]:
    """The options that were given on the command line."""
    return {name: value for name, value in options.items() if value is not None}


def read_text(file: str) -> str:
    """The text of a file, or of stdin for `-`; ends the command if it cannot be read."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{file} is not UTF-8 (byte {error.start}): convert it first.", ExitCode.REFUSED)
    except OSError as error:
        fail(f"{file}: {error.strerror}", ExitCode.REFUSED)


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


def load_catalogue() -> "Catalogue":
    """The models that the settings name."""
    from service.settings import get_settings

    return get_settings().load_catalogue()


def load_pipeline(catalogue: "Catalogue") -> "Pipeline":
    """A pipeline in this process; it loads a model when a text first needs it."""
    from service.settings import get_settings
    from workers.resident import pipeline_of

    return pipeline_of(get_settings(), catalogue)
