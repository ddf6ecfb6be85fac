"""`dragoman backup` and `dragoman restore`: copies of the SQLite database."""

from pathlib import Path
from typing import Annotated

import typer


def backup(file: Annotated[Path, typer.Argument(help="The copy to write.")]) -> None:
    """Copy stories and the translation memory to a file. The front may be running."""
    from service.settings import get_settings
    from service.storage.backup import back_up

    back_up(get_settings().database_url, file)
    typer.echo(f"The backup is in {file}.")


def restore(
    file: Annotated[
        Path, typer.Argument(help="A copy that `backup` wrote.", exists=True, dir_okay=False)
    ],
) -> None:
    """Replace stories and the translation memory by a backup. Stop every front first."""
    from service.settings import get_settings
    from service.storage.backup import restore as restore_from

    restore_from(get_settings().database_url, file)
    typer.echo(f"{file} is restored.")
