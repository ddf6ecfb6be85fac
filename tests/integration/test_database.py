"""Transactions, on both databases."""

import pytest

from service.settings import Settings
from service.storage.memory import Memory, Space, Unit
from service.storage.schema import open_database

pytestmark = pytest.mark.integration


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
