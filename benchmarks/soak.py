"""A mixed load with random kills: `python -m benchmarks.soak --minutes 10`.

Starts the whole stack as `dragoman up` does, on a folder of its own. Clients send short and long texts and
summaries, to both queues, follow their jobs, and cancel some; a request without an answer is sent again.
Meanwhile a part is killed at random every so often: a worker's child, a worker, both, the front; or a
worker, or Redis, is stopped. At the end it waits for what is unfinished and counts, in the records
themselves: each job that was accepted must have ended, once. Ends with 1 where one was lost or doubled.
"""

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import redis

from benchmarks.processes import children, resident_mib
from service.errors import JobNotFound
from service.jobs import Ref
from service.scripts import RUNNING
from service.settings import Settings
from service.stack import Stack, running
from service.store import JobStore

ARTICLE = Path(__file__).parents[1] / "docs" / "article.txt"
FINISHED = {"succeeded", "failed"}
DRAIN_SECONDS = 300
"""How long what is unfinished at the end may take; what is not finished then is lost."""


@dataclass
class Tally:
    """What the clients saw."""

    accepted: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    resumed: list[float] = field(default_factory=list)
    memory: list[tuple[float, dict[str, float]]] = field(default_factory=list)


def main() -> None:
    """Run the load, then print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--kill-every", type=float, default=20, help="seconds; 0 kills nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="else a folder that is deleted")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
            tally, over = Tally(), threading.Event()
            driver = threading.Thread(target=_drive, args=(stack, arguments, tally, over))
            driver.start()
            stack.supervise(lambda line: print(f"  {line}", flush=True))
            over.set()
            driver.join()
            good = _report(stack, tally)
    sys.exit(0 if good else 1)


def _drive(stack: Stack, arguments: Any, tally: Tally, over: threading.Event) -> None:
    store = JobStore.connect(Settings(redis_url=stack.redis_url), patience=60)
    end = time.monotonic() + arguments.minutes * 60
    threads = [
        threading.Thread(target=_client, args=(stack, random.Random(n), tally, over))
        for n in range(arguments.seed * 1000, arguments.seed * 1000 + arguments.clients)
    ]
    threads.append(threading.Thread(target=_sample, args=(stack, store, tally, over)))
    for thread in threads:
        thread.start()
    chance = random.Random(arguments.seed)
    every = arguments.kill_every
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(every or left, left))
        if every and end - time.monotonic() > every:
            _hurt(stack, store, chance, tally)
    over.set()
    for thread in threads:
        thread.join()
    _wait(lambda: not store.unfinished(), DRAIN_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)  # ends `supervise`


def _client(stack: Stack, chance: random.Random, tally: Tally, over: threading.Event) -> None:
    article = ARTICLE.read_text(encoding="utf-8")
    paragraphs = [p for p in article.split("\n\n") if len(p) > 80]
    with httpx.Client(base_url=stack.address, timeout=30) as client:
        while not over.is_set():
            # A number makes each text one of a kind.
            text = f"Report {chance.randrange(10**9)} of the day.\n\n"
            text += article if chance.random() < 0.1 else chance.choice(paragraphs)
            body = {"text": text, "source": "en", "target": "es"}
            body["priority"] = chance.choice(["interactive", "interactive", "batch"])
            path = chance.choice(["/v1/translations", "/v1/translations", "/v1/summaries"])
            started = time.monotonic()
            answer = _ask(client, tally, "POST", path, json=body)
            if answer is None or not answer.is_success:
                continue
            job_id = answer.json()["id"]
            tally.accepted.append(job_id)
            where = f"/v1/jobs/{job_id}"
            if chance.random() < 0.05:
                answer = _ask(client, tally, "DELETE", where)
                if answer is None or answer.status_code == 204:
                    tally.deleted.add(job_id)
                continue
            while not over.is_set():
                answer = _ask(client, tally, "GET", where, headers={"Prefer": "wait=10"})
                if answer is not None and answer.json().get("state") in FINISHED:
                    tally.seconds.append(time.monotonic() - started)
                    break


def _ask(
    client: httpx.Client, tally: Tally, method: str, path: str, **more: Any
) -> httpx.Response | None:
    """The answer, None where there was none; after a refusal, when it said to come again."""
    try:
        answer = client.request(method, path, **more)
    except httpx.TransportError:
        tally.refused["no answer"] += 1
        return None
    if answer.status_code >= 400:
        tally.refused[str(answer.status_code)] += 1
        time.sleep(min(float(answer.headers.get("Retry-After", 0.2)), 5))
    return answer


def _hurt(stack: Stack, store: JobStore, chance: random.Random, tally: Tally) -> None:
    """Do something bad, and see how long the jobs that ran take until somebody is at them again."""
    pids = {part.name: part.process.pid for part in stack.parts}
    front, worker = pids["front"], pids[chance.choice(["worker interactive", "worker batch"])]
    harm: dict[str, Callable[[], None]] = {
        "child killed": lambda: os.kill(children(worker)[0], signal.SIGKILL),
        "worker killed": lambda: os.kill(worker, signal.SIGKILL),
        "worker and child killed": lambda: os.killpg(worker, signal.SIGKILL),
        "worker stopped": lambda: os.kill(worker, signal.SIGTERM),
        "front killed": lambda: os.kill(front, signal.SIGKILL),
        "Redis restarted": lambda: os.kill(_redis(), signal.SIGTERM),
    }
    what = chance.choice(list(harm))
    before = _attempts(store)
    hurt = time.monotonic()
    try:
        harm[what]()
    except (IndexError, ProcessLookupError):
        return  # it is down already
    tally.kills[what] += 1
    if "killed" in what and "front" not in what:
        _wait(lambda: all(_moved(store, one, n) for one, n in before.items()), 60)
        if before:
            tally.resumed.append(time.monotonic() - hurt)


def _attempts(store: JobStore) -> dict[str, int]:
    found = {}
    for key in store.client.zrange(RUNNING, 0, -1):
        try:
            found[key] = store.get(Ref.of(key).id).attempts
        except JobNotFound:
            continue  # it was cancelled meanwhile
    return found


def _moved(store: JobStore, key: str, attempts: int) -> bool:
    try:
        job = store.get(Ref.of(key).id)
    except JobNotFound:
        return True
    except redis.RedisError:
        return False
    return job.state.finished or job.attempts > attempts


def _sample(stack: Stack, store: JobStore, tally: Tally, over: threading.Event) -> None:
    started = time.monotonic()
    while not over.wait(10):
        parts = {part.name: resident_mib(part.process.pid) for part in stack.parts}
        try:
            parts["redis"] = int(store.client.info("memory")["used_memory"]) / 2**20
        except redis.RedisError:
            continue
        tally.memory.append((time.monotonic() - started, parts))


def _report(stack: Stack, tally: Tally) -> bool:
    store = JobStore.connect(Settings(redis_url=stack.redis_url))
    states: Counter[str] = Counter()
    for job_id in tally.accepted:
        try:
            states[store.get(job_id).state.value] += 1
        except JobNotFound:
            states["deleted" if job_id in tally.deleted else "gone"] += 1
    # Records that were made for a request whose answer was lost count as well.
    kept = sum(1 for _ in store.client.scan_iter("dragoman:job:*", count=1000))
    ended = sum(store.finished().values())
    doubled = ended + store.unfinished() - kept - states["deleted"]
    lost = states["gone"] + states["queued"] + states["running"]
    print(
        f"jobs in {len(tally.accepted)}: out {states['succeeded']}, failed {states['failed']}, "
        f"cancelled {states['deleted']}, doubled {doubled}, lost {lost}"
    )
    unanswered = kept + states["deleted"] - len(tally.accepted)
    print(
        f"accepted with no answer, as the front died: {unanswered}; asked again: "
        f"{dict(tally.refused)}"
    )
    if len(tally.seconds) > 1:
        at = statistics.quantiles(tally.seconds, n=100)
        print(
            f"seconds from request to result: p50 {at[49]:.2f}, p95 {at[94]:.2f}, p99 {at[98]:.2f}"
        )
    print(f"killed: {dict(tally.kills)}")
    if tally.resumed:
        print(
            f"seconds until a dead worker's jobs were taken up: "
            f"median {statistics.median(tally.resumed):.1f}, most {max(tally.resumed):.1f}"
        )
    print("MiB over time:")
    for seconds, parts in tally.memory[:: max(1, len(tally.memory) // 12)]:
        print(f"  {seconds:6.0f} s  " + "  ".join(f"{n} {mib:.0f}" for n, mib in parts.items()))
    return not lost and not doubled


def _redis() -> int:
    return next(pid for pid in children(os.getpid()) if "valkey" in _command(pid))


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)


if __name__ == "__main__":
    main()
