"""The version of the database's schema, and how it is brought up to date."""

from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from models.errors import WrongSetting
from service.settings import Settings
from service.storage.database import Database

HEAD = "0006"
"""The newest migration."""
_LOCK = 7_264_061
"""The number of PostgreSQL's advisory lock: fronts that start together migrate one after the other."""


def open_database(settings: Settings) -> Database:
    """The settings' database, up to date; to be closed by the caller."""
    database = Database(settings.database_url)
    migrate(database)
    return database


def migrate(database: Database) -> None:
    """Apply the migrations that the database does not have yet.

    WrongSetting where a newer Dragoman has changed it.
    """
    with database.connection() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        current = _current(connection)
        if current == HEAD:
            return
        if current is not None:
            check_version(current)
        _upgrade(connection)


def check_version(version: str) -> None:
    """WrongSetting for the schema of a newer Dragoman: an older one would not know its tables."""
    if version > HEAD:
        raise WrongSetting(
            f"The database has schema {version}, and this Dragoman knows {HEAD} at most: "
            "use the newer Dragoman, or restore a backup made before it."
        )


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # Imported only where there is something to do: it takes 10 MB of the front's memory.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("service.storage") / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
