"""`dragoman backup` and `dragoman restore`: copies of the SQLite database."""

from pathlib import Path
from typing import Annotated

import typer


def backup(file: Annotated[Path, typer.Argument(help="The copy to write.")]) -> None:
    """Copy stories and the translation memory to a file. The front may be running."""
    from service.settings import get_settings
    from service.storage.backup import back_up
    from service.storage.schema import open_database

    database = open_database(get_settings())
    back_up(database, file)
    database.close()
    typer.echo(f"The backup is in {file}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` wrote.", exists=True)],
) -> None:
    """Replace stories and the translation memory by a backup. Stop every front first."""
    from service.settings import get_settings
    from service.storage.backup import restore as restore_from
    from service.storage.database import Database

    database = Database(get_settings().database_url)
    restore_from(database, file)
    database.close()
    typer.echo(f"{file} is restored.")
