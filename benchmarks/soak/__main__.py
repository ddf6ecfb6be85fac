"""A mixed load with random kills: `python -m benchmarks.soak --minutes 10`.

Starts the whole stack as `dragoman up` does, on a folder of its own. Clients send short and long texts and
summaries, to both queues, some with a callback, follow their jobs, and cancel some; another sends batches.
What got no answer is sent again. Meanwhile something is killed at random every so often: a worker's child, a
worker, both, the front, the courier; or a worker, or Redis, is stopped. At the end it waits for what is
unfinished and counts, in the records themselves: each job and each line that was accepted must have ended,
once. Ends with 1 where one was lost or doubled.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.soak.clients import Tally, receiver, send_batches, send_jobs
from benchmarks.soak.harm import FAULTS, hurt, wait
from benchmarks.soak.memory import Memory
from benchmarks.soak.report import report
from benchmarks.supervised import supervised
from cli.stack import Stack
from service.jobs.scripts import WEBHOOKS
from service.jobs.store import JobStore
from service.settings import Settings

WORKERS = ("worker interactive", "worker batch")
DRAIN_SECONDS = 300
"""How long what is unfinished at the end may take; what is not finished then is lost."""


def main() -> None:
    """Run the load, then print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--kill-every", type=float, default=20, help="seconds; 0 kills nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="else a folder that is deleted")
    arguments = parser.parse_args()
    os.environ["DRAGOMAN_WEBHOOK_ALLOW"] = "127.0.0.0/8"
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        good = supervised(data, lambda stack: _soak(stack, arguments))
    sys.exit(0 if good else 1)


def _soak(stack: Stack, arguments: argparse.Namespace) -> bool:
    store = JobStore.connect(Settings(redis_url=stack.redis_url), patience=60)
    tally, memory, over = Tally(), Memory(), threading.Event()
    with receiver(tally) as hook:
        batch = (stack.address, random.Random(f"{arguments.seed} batch"), tally, over)
        threads = [threading.Thread(target=send_batches, args=batch)]
        for n in range(arguments.clients):
            # Two editors to each program.
            priority = "batch" if n % 3 == 2 else "interactive"
            seed = random.Random(f"{arguments.seed} {n}")
            jobs = (stack.address, hook, priority, seed, tally, over)
            threads.append(threading.Thread(target=send_jobs, args=jobs))
        threads.append(threading.Thread(target=memory.sample, args=(stack, store, over)))
        for thread in threads:
            thread.start()
        harm = list(_hurt(stack, store, arguments))
        over.set()
        for thread in threads:
            thread.join()
        wait(lambda: not store.unfinished() and not store.client.zcard(WEBHOOKS), DRAIN_SECONDS)
    return report(store, tally, harm, memory)


def _hurt(
    stack: Stack, store: JobStore, arguments: argparse.Namespace
) -> Iterator[tuple[str, float | None]]:
    """Hurt the stack until the time is over: what was done, with the seconds until it was got over."""
    chance = random.Random(arguments.seed)
    end = time.monotonic() + arguments.minutes * 60
    every = arguments.kill_every
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(every or left, left))
        if every and end - time.monotonic() > every:
            fault, worker = chance.choice(FAULTS), chance.choice(WORKERS)
            try:
                seconds = hurt(stack, store, fault, worker)
            except (IndexError, StopIteration, ProcessLookupError):
                continue  # it is down already
            yield fault, seconds


if __name__ == "__main__":
    main()
