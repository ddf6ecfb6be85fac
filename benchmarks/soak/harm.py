"""What is done to the stack, and how long it takes to get over it."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import httpx
import redis

from benchmarks.processes import children
from cli.stack import Stack
from service.jobs.scripts import RUNNING
from service.jobs.store import JobStore

RESUME_SECONDS = 120
"""How long getting over it is waited for."""


FAULTS = (
    "child killed",
    "worker killed",
    "worker and child killed",
    "worker stopped",
    "front killed",
    "courier killed",
    "Redis restarted",
)


def hurt(stack: Stack, store: JobStore, fault: str, worker: str) -> float | None:
    """Do it, and wait until it is got over: the seconds, None where there was nothing to get over.

    That is, for the named worker, when somebody is again at what it was at; for the front, and for
    Redis, when the front can take work again.
    """
    pids = {part.name: part.process.pid for part in stack.parts}
    pid = pids[worker]
    acts: dict[str, Callable[[], None]] = {
        "child killed": lambda: os.kill(children(pid)[0], signal.SIGKILL),
        "worker killed": lambda: os.kill(pid, signal.SIGKILL),
        "worker and child killed": lambda: os.killpg(pid, signal.SIGKILL),
        "worker stopped": lambda: os.kill(pid, signal.SIGTERM),
        "front killed": lambda: os.kill(pids["front"], signal.SIGKILL),
        "courier killed": lambda: os.kill(pids["courier"], signal.SIGKILL),
        "Redis restarted": lambda: os.kill(_redis(), signal.SIGTERM),
    }
    before = _at_work(store, pid)
    started = time.monotonic()
    acts[fault]()
    if fault in {"front killed", "Redis restarted"}:
        wait(lambda: _ready(stack), RESUME_SECONDS)
    elif fault != "courier killed" and before:
        wait(
            lambda: all(_moved(store, key, fence) for key, fence in before.items()), RESUME_SECONDS
        )
    else:
        return None
    return time.monotonic() - started


def wait(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for the condition, so long at most."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)


def _at_work(store: JobStore, worker: int) -> Mapping[str, int]:
    """The records that the worker has, with the fencing number of each."""
    found = {}
    for key in cast(list[str], store.client.zrange(RUNNING, 0, -1)):
        record = cast(dict[str, str], store.client.hgetall(key))
        if f".{worker}@" in record.get("holder", ""):
            found[key] = int(record["fence"])
    return found


def _moved(store: JobStore, key: str, fence: int) -> bool:
    """Whether the record has ended, or somebody is at it again."""
    try:
        record = cast(dict[str, str], store.client.hgetall(key))
    except redis.RedisError:
        return False
    return record.get("state") not in {"queued", "running"} or int(record["fence"]) > fence


def _ready(stack: Stack) -> bool:
    try:
        return httpx.get(f"{stack.address}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


def _redis() -> int:
    return next(pid for pid in children(os.getpid()) if "valkey" in _command(pid))


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()
