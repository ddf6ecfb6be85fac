"""The connection to the database: SQLite in the data directory, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from models.errors import WrongSetting

T = TypeVar("T")

BUSY_SECONDS = 10
"""How long a transaction waits for another one's write lock on SQLite."""
CONNECTIONS = 40
"""At most, for each front: as many as the threads that answer requests."""


class Database:
    """Transactions on one database; each raises `sqlalchemy.exc.OperationalError` where it is away."""

    def __init__(self, url: str) -> None:
        """`url` as SQLAlchemy reads it; WrongSetting where it is none. Nothing is connected yet."""
        self.url = read_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        # PostgreSQL's own level shows each statement what was committed before it.
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self._engine.execution_options(**level)
        self._writing = self._engine.execution_options(write=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the database."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed at the end of the `with`, or not at all.

        SQLite has one writer at a time: it is taken at the beginning, so that nothing that was read
        can have changed when it is written.
        """
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection in a transaction that writes; for migrations."""
        with self._writing.begin() as connection:
            yield connection

    def purge(self) -> None:
        """Remove deleted text from SQLite's write-ahead log; PostgreSQL's VACUUM does it there."""
        if self.is_sqlite:
            with self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.rollback()
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def storable(value: T) -> T:
    """The value as it is; ValueError for a text with a NUL character, which PostgreSQL does not store."""
    if isinstance(value, str) and "\0" in value:
        raise ValueError("There is a NUL character in it: remove it.")
    return value


def read_url(given: str) -> URL:
    """The address of a database, with its driver; WrongSetting where it is none that is supported."""
    try:
        url = make_url(given)
    except ArgumentError:
        raise WrongSetting(
            "DRAGOMAN_DATABASE_URL is not a URL: give sqlite:///PATH or postgresql://HOST/NAME."
        ) from None
    if url.drivername == "sqlite" and url.database:
        return url.set(database=str(Path(url.database).expanduser()))
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return url
    raise WrongSetting(
        f"DRAGOMAN_DATABASE_URL: {url.drivername} is not supported: "
        "give sqlite:///PATH or postgresql://HOST/NAME."
    )


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        pool_size=5,
        max_overflow=CONNECTIONS - 5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": BUSY_SECONDS},
    )


def _sqlite(url: URL) -> Engine:
    assert url.database is not None
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Only this user may read texts: SQLite takes the mode of its journals from the file's.
        path.touch(mode=0o600)
    except OSError as error:
        raise WrongSetting(f"DRAGOMAN_DATABASE_URL: {error}") from error
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=CONNECTIONS - 5,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL a power failure may lose the last transactions with NORMAL; an answer is a promise.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten with zeros.
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
