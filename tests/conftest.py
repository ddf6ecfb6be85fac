"""What several tests share."""

import os
import signal
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from models.catalogue import Model
from models.file_lock import exclusive_lock
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
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def tiny(run_dir: Path) -> Callable[[str], Model]:
    """Return the tiny model of a family, created when a process of the run first needs it."""

    @cache
    def tiny(family: str) -> Model:
        from tests.tiny import make

        folder = run_dir / "tiny" / family
        entry = folder.with_suffix(".json")
        with exclusive_lock(folder.with_suffix(".lock")):
            if not entry.exists():
                folder.mkdir()
                entry.write_text(make(family, folder).model_dump_json(), encoding="utf-8")
        return Model.model_validate_json(entry.read_text(encoding="utf-8"))

    return tiny


@pytest.fixture(scope="session")
def models_dir(run_dir: Path) -> Path:
    """The folder of converted models, each of which takes a process that imports torch."""
    return run_dir / "models"


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """A pipeline with the embedded models, which stay loaded for all tests of a process."""
    from workers.resident import pipeline_of

    settings = Settings()
    return pipeline_of(settings, settings.load_catalogue())
