"""`dragoman memory`: import, export and count translation memories."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.language_codes import primary_subtag

if TYPE_CHECKING:
    from service.storage.database import Database

app = typer.Typer(
    name="memory", help="Import, export and count translation memories.", no_args_is_help=True
)

Client = Annotated[
    str, typer.Option(help="The client whose memory it is, as named in its API keys.")
]
From = Annotated[
    str, typer.Option("--from", parser=primary_subtag, help="The language of the sources.")
]
To = Annotated[
    str, typer.Option("--to", parser=primary_subtag, help="The language of the translations.")
]


@app.command("import")
def import_memory(
    file: Annotated[Path, typer.Argument(help="A TMX file.", exists=True, dir_okay=False)],
    source: From,
    to: To,
    client: Client = "anyone",
) -> None:
    """Add the units of a TMX file. Units that an editor corrected or approved are not replaced."""
    from service.storage.memory import Memory, Space
    from service.storage.tmx import read_tmx

    with _database() as database, database.writing() as session:
        units = read_tmx(file, source, to, file.name)
        kept = Memory(session).remember(Space(client, source, to), units)
    typer.echo(f"{kept} units of {file} are in the memory of {client}.")


@app.command("export")
def export_memory(
    file: Annotated[Path, typer.Argument(help="The TMX file to write.")],
    source: From,
    to: To,
    client: Client = "anyone",
) -> None:
    """Write a memory to a TMX file."""
    from service.storage.memory import Memory, Space
    from service.storage.tmx import write_tmx

    with _database() as database, database.reading() as session:
        units = Memory(session).every(Space(client, source, to))
        written = write_tmx(file, units, source, to)
    typer.echo(f"{written} units are in {file}.")


@app.command()
def stats(client: Client = "anyone") -> None:
    """Count the units of a memory."""
    from service.storage.memory import Memory

    with _database() as database, database.reading() as session:
        for source, target, origin, count in Memory(session).counts(client):
            typer.echo(f"{source}-{target}  {origin:<9} {count}")


@contextmanager
def _database() -> Iterator["Database"]:
    """The database of the settings; for the database of a running stack set DRAGOMAN_DATABASE_URL."""
    from service.settings import get_settings
    from service.storage.schema import open_database

    database = open_database(get_settings())
    try:
        yield database
    finally:
        database.close()
