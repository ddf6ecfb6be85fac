"""`dragoman up` as a process, to be hurt, and jobs to send through it meanwhile."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from service.jobs.store import JobStore
from service.settings import Settings
from tests.integration.conftest import DRAGOMAN, until

JOBS = 50
WORDS = ("mayor", "teacher", "doctor", "farmer", "judge", "minister", "driver", "baker")
PLACES = ("town", "port", "school", "hospital", "market", "station", "park")


def text(number: int, sentences: int = 1) -> str:
    """A text, another for each number."""
    return " ".join(
        f"The {WORDS[(number + line) % len(WORDS)]} of the {PLACES[number % len(PLACES)]} said on "
        f"Monday that {number * 1000 + line} people were there."
        for line in range(sentences)
    )


TEXTS = [text(number, sentences=40 if number < 2 else 1) for number in range(JOBS)]
"""The jobs of a test: a long one for each of two workers, behind which the others wait."""


@dataclass(slots=True)
class Rig:
    """A running stack: where it is, and what runs in it now."""

    process: "subprocess.Popen[str]"
    data: Path
    address: str
    redis_url: str
    client: httpx.Client
    store: JobStore
    counted: int = field(default=0)

    def part(self, name: str) -> int:
        """The process of a part, as it is now; waits for one that is being started again."""
        words = {"front": " serve ", "redis": "valkey", "courier": " courier"}.get(
            name, f" --queue {name}"
        )
        found: list[int] = []

        def there() -> bool:
            found[:] = [pid for pid in children(self.process.pid) if words in command(pid)]
            return bool(found)

        until(there)
        return found[0]

    def child(self) -> int:
        """The process in which the interactive worker does its work."""
        return self.children("interactive")[0]

    def children(self, name: str) -> list[int]:
        """The processes in which a worker of the queue does its work."""
        found: list[int] = []

        def there() -> bool:
            found[:] = children(self.part(name))
            return bool(found)

        until(there)
        return found

    def log(self, name: str) -> str:
        return (self.data / "logs" / f"{name}.log").read_text(encoding="utf-8")

    def post(self, text: str, **more: str) -> str:
        """The id of a job that was accepted: a new one, also where the text was sent before."""
        body = {"text": text, "source": "en", "target": "es", **more}
        headers = {"Idempotency-Key": uuid4().hex}
        answer = self.client.post("/v1/translations", json=body, headers=headers)
        assert answer.is_success, answer.text
        job_id: str = answer.json()["id"]
        return job_id

    def post_all(self, *others: int) -> list[str]:
        """The ids of the test's jobs: all in flight, the worker, and any others, at work on them."""
        workers = [self.part("interactive"), *others]
        for worker in workers:
            os.killpg(worker, signal.SIGSTOP)
        job_ids = [self.post(text) for text in TEXTS]
        for worker in workers:
            os.killpg(worker, signal.SIGCONT)
        for job_id, _ in zip(job_ids, workers, strict=False):
            until(lambda job_id=job_id: self.store.get(job_id).state == "running")  # type: ignore[misc]
        return job_ids

    def job(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.client.get(f"/v1/jobs/{job_id}").json()
        return job

    def results(self, job_ids: Sequence[str]) -> list[str]:
        """What the jobs say in the end: each succeeded, and each ended once."""
        until(lambda: all(self.store.get(job_id).state.finished for job_id in job_ids), 120)
        jobs = [self.job(job_id) for job_id in job_ids]
        assert {job["state"] for job in jobs} == {"succeeded"}, jobs
        return [job["result"]["text"] for job in jobs]

    def calm(self) -> list[str]:
        """What the test's jobs say when nothing happens."""
        results = self.results(self.post_all())
        self.ended()
        return results

    def ended(self) -> int:
        """Jobs that ended since this was last asked, as the records' own counter has it."""
        count = sum(self.store.finished().values())
        before, self.counted = self.counted, count
        return count - before


@contextmanager
def up(data: Path, *options: str, **settings: str | int) -> Iterator[Rig]:
    given = {f"DRAGOMAN_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [DRAGOMAN, "up", "--port", "0", "--data", str(data), *options],
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    found = re.search(r"(redis://\S+)[\s\S]*?(http://[\d.:]+)", said)
    assert found is not None, said
    store = JobStore.connect(Settings(redis_url=found[1]))
    try:
        with httpx.Client(base_url=found[2], timeout=60) as client:
            yield Rig(process, data, found[2], found[1], client, store)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            assert process.wait(60) == 0
        process.stdout.close()
        store.client.close()


@contextmanager
def worker(
    redis_url: str, log: Path, environment: Mapping[str, str] | None = None, **settings: str | int
) -> Iterator["subprocess.Popen[bytes]"]:
    """One more worker of the interactive queue, with settings and an environment of its own."""
    given = {f"DRAGOMAN_{name.upper()}": str(value) for name, value in settings.items()}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [DRAGOMAN, "worker", "--queue", "interactive"],
            env={**os.environ, "DRAGOMAN_REDIS_URL": redis_url, **given, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    until(lambda: "ready." in log.read_text(encoding="utf-8"))
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []  # it has ended


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except FileNotFoundError:
        return ""
