"""What several tests share."""

import os
import signal
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from models.catalogue import Model
from pipeline.pipeline import Pipeline
from service.settings import Settings

# Speed is measured in benchmarks/, never asserted in a test.
settings.register_profile("dragoman", deadline=None)
settings.load_profile("dragoman")

# A non-interactive shell starts background processes with SIGINT ignored, which their children inherit:
# the commands that tests interrupt would not stop.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Batch workers compete for the CPU like everything else here, or batches would take longer on a busy machine.
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
    """Return the tiny model of a family, created when first needed."""
    from tests.tiny import make

    return cache(lambda family: make(family, tmp_path_factory.mktemp(family)))


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of converted models, shared because each conversion starts a process that imports torch."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """A pipeline with the embedded models, which stay loaded for all tests of a process."""
    from workers.resident import pipeline_of

    settings = Settings()
    return pipeline_of(settings, settings.load_catalogue())
