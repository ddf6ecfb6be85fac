"""Copies of an SQLite database while it is used; PostgreSQL has `pg_dump` and `pg_restore`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from models.errors import WrongSetting
from service.storage.database import Database, read_url
from service.storage.schema import check_version, migrate


def back_up(url: str, path: Path) -> None:
    """Write a copy of the database as it is at one moment; writers go on meanwhile.

    WrongSetting where there is no SQLite database at the URL, or the file is there already; OSError
    where it cannot be written.
    """
    source = _file(url)
    if not source.exists():
        raise WrongSetting(
            f"There is no database at {source}: set DRAGOMAN_DATABASE_URL as for the front."
        )
    if path.exists():
        raise WrongSetting(f"{path} is there already: give another name.")
    path.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(path)) as new:
        old.backup(new)


def restore(url: str, path: Path) -> None:
    """Put a copy in the place of the database, and bring it up to date.

    WrongSetting where the file is no copy of one, or of a newer Dragoman. No front may run meanwhile.
    """
    target = _file(url)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        try:
            (state,) = copy.execute("PRAGMA integrity_check").fetchone()
            (version,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise WrongSetting(f"{path} is no backup of Dragoman: {error}.") from None
        if state != "ok":
            raise WrongSetting(f"{path} is damaged: {state}.")
        check_version(version)
        with closing(Database(url)) as database:
            with closing(sqlite3.connect(target)) as current:
                copy.backup(current)
            migrate(database)


def _file(url: str) -> Path:
    parsed = read_url(url)
    if parsed.drivername != "sqlite" or parsed.database is None:
        raise WrongSetting("DRAGOMAN_DATABASE_URL is a PostgreSQL: use pg_dump and pg_restore.")
    return Path(parsed.database)
