"""The memory of the parts over time."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

import redis

from benchmarks.processes import children, resident_mib
from cli.stack import Stack
from service.jobs.store import JobStore

ROWS = 11
"""Lines of memory over time."""
WARM_SECONDS = 60
"""What lived no longer says nothing of growth."""


@dataclass
class Memory:
    """The memory of each part over time: seconds since the start, and MiB.

    A part that was started again, or has another child, is another series.
    """

    started: float = field(default_factory=time.monotonic)
    of: dict[tuple[str, tuple[int, ...]], list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def sample(self, stack: Stack, store: JobStore, over: threading.Event) -> None:
        """Look every five seconds."""
        while not over.wait(5):
            now = time.monotonic() - self.started
            for part in stack.parts:
                pid = part.process.pid
                self.of[part.name, (pid, *children(pid))].append((now, resident_mib(pid)))
            try:
                used = int(store.client.info("memory")["used_memory"]) / 2**20
            except redis.RedisError:
                continue
            self.of["redis", ()].append((now, used))

    def rows(self) -> list[tuple[float, dict[str, float]]]:
        """The most that each part had, in each of some spans of time."""
        end = max(now for samples in self.of.values() for now, _ in samples)
        rows: list[dict[str, float]] = [defaultdict(float) for _ in range(ROWS)]
        for (name, _), samples in self.of.items():
            for now, mib in samples:
                row = rows[min(int(now / end * ROWS), ROWS - 1)]
                row[name] = max(row[name], mib)
        return [((n + 1) * end / ROWS, row) for n, row in enumerate(rows)]

    def growth(self) -> dict[str, tuple[float, float]]:
        """The MiB by which each part grew when warm, and the minutes in which it did.

        A worker loads its models with the first jobs: it is warm after a third of its time.
        """
        grown: dict[str, tuple[float, float]] = {}
        for (name, _), samples in self.of.items():
            (began, first), (ended, last) = samples[len(samples) // 3], samples[-1]
            if ended - samples[0][0] >= WARM_SECONDS:
                mib, minutes = grown.get(name, (0.0, 0.0))
                grown[name] = mib + last - first, minutes + (ended - began) / 60
        return grown
