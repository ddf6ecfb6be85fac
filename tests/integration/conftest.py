"""The real stack: an embedded Valkey, the front under uvicorn, Celery workers, as `dragoman up` runs it."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from service.stack import Stack, running


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until the condition holds; an error where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data = tmp_path_factory.mktemp("stack")
    with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
        yield stack


@pytest.fixture(scope="session")
def client(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.address, timeout=90) as client:
        yield client
