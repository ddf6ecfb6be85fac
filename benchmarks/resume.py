"""How soon work goes on when a worker has died: `python -m benchmarks.resume`, about five minutes.

Each time an editor's long job is at work and a short one waits behind it; then the worker's child or the
worker is killed, with which its child dies, or the worker is stopped. Says after how many seconds somebody
is again at the long one, and after how many the short one was begun.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import httpx

from benchmarks.soak.harm import hurt, wait
from benchmarks.supervised import supervised
from cli.stack import RESTART_SECONDS, Stack
from service.jobs.job import JobState
from service.jobs.store import JobStore
from service.settings import Settings

WORKER = "worker interactive"
FAULTS = ("child killed", "worker killed", "worker stopped")
SENTENCE = "The mayor of the town said on Monday that {} people were there. "


def main() -> None:
    """Measure, and print a row for each way to die."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resume", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        times = supervised(Path(folder), lambda stack: _measure(stack, arguments.rounds))
    for fault, rounds in times.items():
        for what, seconds in zip(
            ("at it again", "next begun"), zip(*rounds, strict=True), strict=True
        ):
            print(
                f"{fault}, {what}: median {statistics.median(seconds):.1f} s of "
                + " ".join(f"{one:.1f}" for one in sorted(seconds))
            )


def _measure(stack: Stack, rounds: int) -> dict[str, list[tuple[float, float]]]:
    store = JobStore.connect(Settings(redis_url=stack.redis_url), patience=60)
    with httpx.Client(base_url=stack.address, timeout=60) as client:
        return {
            fault: [_round(stack, store, client, fault) for _ in range(rounds)] for fault in FAULTS
        }


def _round(stack: Stack, store: JobStore, client: httpx.Client, fault: str) -> tuple[float, float]:
    if fault != FAULTS[0]:
        # A worker that ends often is started again later each time.
        time.sleep(RESTART_SECONDS[1])
    ready = _post(client, 1)
    wait(lambda: store.get(ready).state is JobState.SUCCEEDED, 60)
    long, short = _post(client, 400), _post(client, 1)
    wait(lambda: store.get(long).progress.done > 0, 60)
    killed = time.time()
    again = hurt(stack, store, fault, WORKER)
    wait(lambda: store.get(short).started_at is not None, 60)
    begun = store.get(short).started_at
    assert again is not None
    assert begun is not None
    wait(lambda: not store.unfinished(), 120)
    return again, begun.timestamp() - killed


def _post(client: httpx.Client, sentences: int) -> str:
    text = "".join(SENTENCE.format(1000 + n) for n in range(sentences))
    body = {"text": text, "source": "en", "target": "es"}
    headers = {"Idempotency-Key": uuid4().hex}
    answer = client.post("/v1/translations", json=body, headers=headers)
    return str(answer.raise_for_status().json()["id"])


if __name__ == "__main__":
    main()
