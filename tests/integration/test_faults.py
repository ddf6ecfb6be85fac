"""Whatever dies meanwhile: each job that was accepted ends once, with what a calm run gives."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from celery import Celery

from service.jobs.job import Queue, RecordKind
from tests.integration.conftest import until
from tests.integration.rig import JOBS, TEXTS, WORDS, Rig, command, text, up

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SETTINGS: dict[str, str | int] = {
    "duplicate_seconds": 0,  # the same texts are sent again in each test
    "lease_seconds": 3,
    "max_result_bytes": 40_000,
    "log_level": "DEBUG",
    "log_format": "json",
}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with up(tmp_path_factory.mktemp("rig"), **SETTINGS) as rig:
        yield rig


@pytest.fixture(scope="module")
def calm(rig: Rig) -> list[str]:
    return rig.calm()


def running(job: dict[str, Any], attempt: int) -> bool:
    return (job["state"], job["attempts"]) == ("running", attempt)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda rig: kill(rig.child()), id="a worker's child is killed"),
        pytest.param(lambda rig: kill(rig.part("interactive")), id="a worker is killed"),
        pytest.param(
            lambda rig: os.killpg(rig.part("interactive"), signal.SIGKILL),
            id="a worker and its child are killed",
        ),
        pytest.param(
            lambda rig: os.kill(rig.part("redis"), signal.SIGTERM), id="Redis is started again"
        ),
    ],
)
def test_nothing_is_lost_and_nothing_done_twice(
    rig: Rig, calm: list[str], fault: Callable[[Rig], None]
) -> None:
    job_ids = rig.post_all()
    fault(rig)
    assert rig.results(job_ids) == calm
    assert rig.ended() == JOBS


def test_a_worker_that_is_stopped_gives_its_job_back_at_once(rig: Rig, calm: list[str]) -> None:
    job_ids = rig.post_all()
    os.kill(rig.part("interactive"), signal.SIGTERM)
    until(lambda: rig.store.get(job_ids[0]).state != "running")
    assert rig.results(job_ids) == calm
    assert rig.ended() == JOBS
    # Not by a lease that ran out: that would have been an attempt.
    assert {rig.job(job_id)["attempts"] for job_id in job_ids} == {1}


def test_the_front_is_killed_in_the_middle_of_requests(rig: Rig, calm: list[str]) -> None:
    accepted: dict[int, str] = {}
    started = threading.Event()

    def send(number: int) -> None:
        body = {"text": TEXTS[number], "source": "en", "target": "es"}
        headers = {"Idempotency-Key": uuid4().hex}
        with httpx.Client(base_url=rig.address, timeout=60) as client:
            while number not in accepted:
                try:
                    answer = client.post("/v1/translations", json=body, headers=headers)
                except httpx.TransportError:
                    continue  # no answer: the caller sends it again
                assert answer.is_success, answer.text
                accepted[number] = answer.json()["id"]
                started.set()

    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(send, number) for number in range(JOBS)]
        started.wait()
        kill(rig.part("front"))
        for one in sent:
            one.result()
    assert rig.results([accepted[number] for number in range(JOBS)]) == calm
    # What was accepted without an answer was found again by its key, and ran once.
    until(lambda: not rig.store.unfinished())
    assert rig.ended() == JOBS


def test_a_killed_stack_leaves_nothing_that_harms_the_next_one(tmp_path: Path) -> None:
    with up(tmp_path) as first:
        done = first.post(TEXTS[2])
        results = first.results([done])
        redis = first.part("redis")
        parts = [first.part(name) for name in ("front", "interactive", "batch", "courier")]
        kill(first.process.pid)
        first.process.wait()
        until(lambda: not any(map(command, parts)))
        assert command(redis)  # nobody told it to stop
    with up(tmp_path) as second:
        assert not command(redis)  # before there were two on one file
        assert second.results([done]) == results


def test_a_job_that_kills_its_worker_each_time_fails_and_the_others_go_on(
    rig: Rig, calm: list[str]
) -> None:
    poison = rig.post(text(JOBS, sentences=200))
    until(lambda: running(rig.job(poison), attempt=1))
    job_ids = [rig.post(text) for text in TEXTS]
    kill(rig.child())
    for attempt in (2, 3):
        # Between the attempts the others have their turn.
        until(lambda n=attempt: running(rig.job(poison), attempt=n), 120)  # type: ignore[misc]
        kill(rig.child())
    until(lambda: rig.job(poison)["state"] == "failed")
    error = rig.job(poison)["error"]
    assert error["code"] == "worker-died"
    assert "signal 9" in error["detail"]
    assert rig.results(job_ids) == calm
    assert rig.ended() == JOBS + 1


def test_a_result_that_is_too_large_fails_alone(rig: Rig, calm: list[str]) -> None:
    large = rig.post(text(JOBS, sentences=130))
    job_ids = rig.post_all()
    assert rig.results(job_ids) == calm
    error = rig.job(large)["error"]
    assert error["code"] == "result-too-large"
    assert "40000 bytes" in error["detail"]
    assert rig.ended() == JOBS + 1


def test_a_running_job_is_cancelled(rig: Rig) -> None:
    job_id = rig.post(text(JOBS, sentences=200))
    behind = rig.post(text(1))
    until(lambda: rig.job(job_id)["progress"]["done"] > 0)
    assert rig.client.delete(f"/v1/jobs/{job_id}").status_code == 204
    assert rig.client.get(f"/v1/jobs/{job_id}").status_code == 410
    rig.results([behind])
    # Its worker took the next job: it left the first one after a batch, with most of it undone.
    assert any(
        job_id in line and "The lease was lost" in line
        for line in rig.log("worker-interactive").splitlines()
    )
    assert rig.store.finished()["translate", "cancelled"] == 1


class Code:
    """What runs when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_a_message_that_carries_code_is_not_read(rig: Rig, tmp_path: Path) -> None:
    made = tmp_path / "made"
    with Celery(broker=rig.redis_url, set_as_current=False) as anyone:
        task, queue = RecordKind.JOB.task_name, Queue.INTERACTIVE.key
        anyone.send_task(task, args=[Code(made)], queue=queue, serializer="pickle")
    rig.results([rig.post(TEXTS[2])])  # it came after
    assert not made.exists()
    assert "pickle" in rig.log("worker-interactive")


def test_the_logs_are_of_jobs_and_never_of_their_texts(rig: Rig) -> None:
    secrets = ("Quetzalcoatl", "sesame-open-key")
    done = rig.post(f"The mayor of {secrets[0]} spoke.")
    too_large = rig.post(text(JOBS, sentences=130) + f" {secrets[0]} spoke.")
    headers = {"Authorization": f"Bearer {secrets[1]}"}
    for body in (
        {"text": secrets[0], "target": 1},
        {"text": f"{secrets[0]} \ud800", "target": "es"},
    ):
        content = json.dumps(body).encode()
        rig.client.post("/v1/translations", content=content, headers=headers)
    until(lambda: rig.job(too_large)["state"] == "failed")
    assert secrets[0] in rig.results([done])[0]
    lines = []
    for log in rig.data.rglob("*.log"):
        written = log.read_text(encoding="utf-8", errors="replace")
        assert not any(secret in written for secret in (*secrets, *WORDS)), log
        lines += [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    said = [line["message"] for line in lines if line.get("id") == too_large]
    assert "The job failed: result-too-large" in said
