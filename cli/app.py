"""The command line: its commands and groups, and what an error becomes.

Exit codes: 0 success; 1 failure; 2 wrong command line; 3 refused input (empty, not UTF-8, a language
that is not supported); 4 with `--strict`, a sentence is flagged; 130 interrupted by Ctrl-C.
"""

from typing import Annotated, NoReturn

import typer

from cli.commands import batch, glossary, keys, memory, models, story
from cli.commands.backup import backup, restore
from cli.commands.processes import courier, health, serve, worker
from cli.commands.stack import demo, up
from cli.commands.summarize import summarize
from cli.commands.translate import translate
from cli.common import ExitCode, fail

app = typer.Typer(name="dragoman", no_args_is_help=True, pretty_exceptions_enable=False)
for command in (translate, summarize, up, demo, serve, worker, courier, health, backup, restore):
    app.command()(command)
for group in (batch, models, keys, memory, glossary, story):
    app.add_typer(group.app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("dragoman"))
        raise typer.Exit


@app.callback()
def dragoman(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Translate and summarize articles on your own machines."""


def main() -> None:
    """Run the command line; an error of Dragoman's is one line on stderr and an exit code."""
    try:
        app()
    except Exception as error:
        _fail_with(error)


def _fail_with(error: Exception) -> NoReturn:
    import sqlite3

    from redis import RedisError
    from sqlalchemy.exc import DBAPIError

    from models.errors import DragomanError
    from pipeline.errors import UndeterminedLanguage

    match error:
        case UndeterminedLanguage():
            fail(f"{error.detail} On the command line: --from.", ExitCode.REFUSED)
        case DragomanError():
            refused = 400 <= error.status < 500
            fail(error.detail, ExitCode.REFUSED if refused else ExitCode.FAILED)
        case RedisError():
            fail(f"Redis at DRAGOMAN_REDIS_URL failed: {error}", ExitCode.FAILED)
        case DBAPIError():
            fail(f"The database at DRAGOMAN_DATABASE_URL failed: {error.orig}", ExitCode.FAILED)
        case sqlite3.Error():
            fail(f"SQLite failed: {error}", ExitCode.FAILED)
        case OSError() if error.filename is not None:
            fail(f"{error.filename}: {error.strerror}", ExitCode.FAILED)
    raise error
