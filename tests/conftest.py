"""What several tests share."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from models.catalogue import Model

# Speed is measured in benchmarks/, never asserted in a test.
settings.register_profile("dragoman", deadline=None)
settings.load_profile("dragoman")

# Nor do tests give way to whatever else this machine does.
os.environ["DRAGOMAN_BATCH_NICENESS"] = "0"

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture
def seed_article() -> str:
    path = DATA / "articles" / "venezuela.txt"
    if not path.exists():
        pytest.skip(f"the seed article is not at {path}")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def article() -> str:
    return (ROOT / "docs" / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Model]:
    """The tiny model of a family, made when it is first asked for."""
    from tests.tiny import make

    return cache(lambda family: make(family, tmp_path_factory.mktemp(family)))


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where converted models are kept: each takes a process that imports torch."""
    return tmp_path_factory.mktemp("models")
