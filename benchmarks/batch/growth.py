"""More items, and more workers."""

import argparse
import statistics
from typing import Any

from benchmarks.batch.client import run
from benchmarks.batch.texts import sentences
from benchmarks.rig import rig
from service.jobs import Queue


def scale(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """The time of a small and of a large batch, to the character."""
    rows = []
    with rig() as one:
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        texts = sentences(arguments.source, arguments.large)
        run(one, texts[:50])
        for count in (arguments.items, arguments.large):
            took = run(one, texts[:count])
            characters = sum(map(len, texts[:count]))
            rows.append(
                {
                    "items": count,
                    "seconds": took,
                    "microseconds_per_character": took / characters * 1e6,
                }
            )
    return rows


def workers(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """One worker on one processor, then two on one each; the front and Redis share both."""
    texts = sentences(arguments.source, arguments.items)
    took = []
    # Small chunks, so that a batch has enough of them to share out.
    with rig(DRAGOMAN_CHUNK_CHARACTERS="6000") as one:
        for count in (1, 2):
            one.worker(f"batch {count}", Queue.BATCH, cpus=[count - 1])
            for _ in range(4 * count):  # until each has loaded its model
                run(one, texts[:50])
            took.append(statistics.median(run(one, texts) for _ in range(arguments.rounds)))
    return [
        {"workers": count, "seconds": seconds, "times_one": took[0] / seconds}
        for count, seconds in enumerate(took, 1)
    ]
