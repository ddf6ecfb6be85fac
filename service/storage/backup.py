"""Copies of an SQLite database while it is used; PostgreSQL has `pg_dump` and `pg_restore`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from models.errors import WrongSetting
from service.storage.database import Database
from service.storage.schema import migrate


def back_up(database: Database, path: Path) -> None:
    """Write a copy of the database as it is at one moment; writers go on meanwhile.

    WrongSetting where the database is no SQLite, or the file is there already.
    """
    source = _file(database)
    if path.exists():
        raise WrongSetting(f"{path} is there already: give another name.")
    path.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(path)) as new:
        old.backup(new)


def restore(database: Database, path: Path) -> None:
    """Put a copy in the place of the database, and bring it up to date.

    WrongSetting where the file is no copy of one. No front may run meanwhile.
    """
    target = _file(database)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        try:
            (state,) = copy.execute("PRAGMA integrity_check").fetchone()
            copy.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise WrongSetting(f"{path} is no backup of Dragoman: {error}.") from None
        if state != "ok":
            raise WrongSetting(f"{path} is damaged: {state}.")
        with closing(sqlite3.connect(target)) as current:
            copy.backup(current)
    migrate(database)


def _file(database: Database) -> str:
    if not database.is_sqlite or database.url.database is None:
        raise WrongSetting("DRAGOMAN_DATABASE_URL is a PostgreSQL: use pg_dump and pg_restore.")
    return database.url.database
