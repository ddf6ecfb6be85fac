"""Transactions and migrations, on both databases."""

from importlib.resources import files

import pytest
from alembic import command
from alembic.config import Config

from service.settings import Settings
from service.storage.database import Database
from service.storage.memory import Memory, Space, Unit
from service.storage.schema import open_database
from service.storage.stories import VersionFilter
from service.stories.reading import Reading

pytestmark = pytest.mark.integration

ROWS = (
    "INSERT INTO stories VALUES (1, 'anyone', 'old', 'Works', 'old works', 2, 2, 0, 0)",
    "INSERT INTO revisions VALUES (1, 1, 1, 'en', '{}', 'ana', 0), (2, 1, 2, 'en', '{}', 'ana', 0)",
    "INSERT INTO versions (id, story_id, revision_id, target, state, edit, tails, record, "
    "created_at, updated_at) VALUES (1, 1, 1, 'es', 'draft', 0, '{}', '{}', 0, 0), "
    """(2, 1, 2, 'es', 'draft', 0, '{}', '{"region": "MX"}', 0, 0)""",
    'INSERT INTO segments (id, version_id, position, field, before, source, start, "end", target, '
    "origin, state, change, details, edit) VALUES "
    "(1, 1, 0, 'text', '', 'The tug.', 0, 8, 'El remolcador.', 'machine', 'draft', 'new', '{}', 0), "
    "(2, 2, 0, 'text', '', 'A dredger.', 0, 12, 'Una draga.', 'machine', 'draft', 'new', '{}', 0)",
)
"""A story as it was kept before its texts were searched: two revisions, the current one in es-MX."""


def test_what_reads_sees_one_state(database_url: str) -> None:
    database = open_database(Settings(database_url=database_url))
    space = Space("anyone", "en", "es")
    with database.reading() as reader:
        assert Memory(reader).is_empty(space)
        with database.writing() as writer:
            Memory(writer).remember(space, [Unit("It rains.", "Llueve.", "edited", "ana")])
        assert Memory(reader).is_empty(space)
    with database.reading() as reader:
        assert not Memory(reader).is_empty(space)
    database.close()


def test_stories_of_an_older_schema_are_found_and_have_their_regions(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(files("service.storage") / "migrations"))
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for row in ROWS:
            connection.exec_driver_sql(row)
    database.close()
    database = open_database(Settings(database_url=database_url))
    with database.reading() as session:
        reading = Reading(session, "anyone")
        for query, count in (("draga works", 1), ("DREDG", 1), ("old", 1), ("tug", 0)):
            found = reading.page(query, VersionFilter(), 0, 20)
            assert found.total == count, query
        assert reading.version("old", "es").target == "es-MX"
        assert reading.version("old", "es", 1).target == "es"
    database.close()
