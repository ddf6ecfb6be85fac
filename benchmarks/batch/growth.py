"""More items, and more workers."""

import argparse
import statistics
from typing import Any

from benchmarks.batch.client import run
from benchmarks.batch.texts import headlines, sentences
from benchmarks.rig import rig
from service.jobs.job import Queue

WARMING = 100


def scale(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """The time of a small and of a large batch of headlines, to the item."""
    rows = []
    with rig(DRAGOMAN_BATCH_NICENESS="0") as one:
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        texts = headlines(arguments.source, arguments.large + WARMING)
        run(one, texts[arguments.large :])
        for count in (arguments.items, arguments.large):
            before = sum(one.processor_seconds().values())
            took = run(one, texts[:count])
            used = sum(one.processor_seconds().values()) - before
            rows.append(
                {
                    "items": count,
                    "seconds": took,
                    "ms_an_item": took / count * 1000,
                    "processor_ms_an_item": used / count * 1000,
                }
            )
    return rows


def workers(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """One worker on one processor, then two on one each; the front and Redis share both."""
    texts = sentences(arguments.source, arguments.items)
    took = []
    # Small chunks, so that a batch has enough of them to share out.
    with rig(DRAGOMAN_CHUNK_CHARACTERS="6000", DRAGOMAN_BATCH_NICENESS="0") as one:
        for count in (1, 2):
            one.worker(f"batch {count}", Queue.BATCH, cpus=[count - 1])
            for _ in range(4 * count):  # until each has loaded its model
                run(one, texts[:50])
            took.append(statistics.median(run(one, texts) for _ in range(arguments.rounds)))
    return [
        {"workers": count, "seconds": seconds, "times_one": took[0] / seconds}
        for count, seconds in enumerate(took, 1)
    ]
