"""`dragoman memory`: import, export and count translation memories."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import ClientName, From, RegionalTo, local_database

app = typer.Typer(
    name="memory", help="Import, export and count translation memories.", no_args_is_help=True
)


@app.command("import")
def import_memory(
    file: Annotated[Path, typer.Argument(help="A TMX file.", exists=True, dir_okay=False)],
    source: From,
    to: RegionalTo,
    client: ClientName = "anyone",
) -> None:
    """Add the units of a TMX file. Units that an editor corrected or approved are not replaced."""
    from service.storage.memory import Memory, Space
    from service.storage.tmx import read_tmx

    with local_database() as database, database.writing() as session:
        units = read_tmx(file, source, to, file.name)
        kept = Memory(session).remember(Space(client, source, to), units)
    typer.echo(f"{kept} units of {file} are in the memory of {client}.")


@app.command("export")
def export_memory(
    file: Annotated[Path, typer.Argument(help="The TMX file to write.")],
    source: From,
    to: RegionalTo,
    client: ClientName = "anyone",
) -> None:
    """Write a memory to a TMX file."""
    from service.storage.memory import Memory, Space
    from service.storage.tmx import write_tmx

    with local_database() as database, database.reading() as session:
        units = Memory(session).every(Space(client, source, to))
        written = write_tmx(file, units, source, to)
    typer.echo(f"{written} units are in {file}.")


@app.command()
def stats(client: ClientName = "anyone") -> None:
    """Count the units of a memory."""
    from service.storage.memory import Memory

    with local_database() as database, database.reading() as session:
        for source, target, origin, count in Memory(session).counts(client):
            typer.echo(f"{source}-{target}  {origin:<9} {count}")
