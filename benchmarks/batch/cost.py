"""What a batch costs: memory of each part, and the work of Redis."""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from benchmarks.batch.client import SUMMARY, TRANSLATION, run, send, send_items
from benchmarks.batch.texts import headlines, sentences
from benchmarks.processes import peak_mib
from benchmarks.rig import Rig, rig
from service.jobs.job import Queue
from service.settings import Settings


def memory(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """The most that each part holds in each quarter of a long batch of headlines.

    One in ten is translated; the others are summarized, which takes no model, so that it ends.
    """
    peaks: list[dict[str, float]] = [{} for _ in range(4)]
    with rig() as one:
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        texts = headlines(arguments.source, arguments.long)
        run(one, texts[:50])
        wishes = (TRANSLATION if n % 10 == 0 else SUMMARY for n in range(len(texts)))
        items = ({"text": text, **wish} for text, wish in zip(texts, wishes, strict=True))
        batch = send_items(one, items)
        done = 0.0
        while done < 1:
            standing = one.client.get(f"/v1/batches/{batch}").json()
            done = standing["characters"]["done"] / standing["characters"]["total"]
            quarter = peaks[min(3, int(done * 4))]
            for name, used in one.memory().items():
                quarter[name] = max(quarter.get(name, 0), used)
            time.sleep(0.5)
        size = len(one.client.get(f"/v1/batches/{batch}/results").content) / 2**20
        disk = sum(path.stat().st_size for path in (one.folder / "batches").iterdir()) / 2**20
    rows: list[dict[str, Any]] = [
        {"quarter": number, **{f"{name}_mib": used for name, used in peak.items()}}
        for number, peak in enumerate(peaks, 1)
    ]
    return [*rows, {"items": len(texts), "results_mib": size, "on_disk_mib": disk}]


def intake(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """The largest batch there may be, sent to a front with no workers: seconds, and the front's memory."""
    settings = Settings()
    texts = sentences(arguments.source, 1000)
    each = (
        settings.batch_bytes // settings.batch_lines - 200
    )  # beside the text: names, ids, its number
    body = "\n\n".join(texts)[:each]
    with rig() as one:
        before = peak_mib(one.processes["front"].pid)
        started = time.perf_counter()
        batch = send(one, (f"{number}. {body}" for number in range(settings.batch_lines)))
        took = time.perf_counter() - started
        after = peak_mib(one.processes["front"].pid)
        size = one.client.get(f"/v1/batches/{batch}").json()["characters"]["total"]
    return [
        {
            "lines": settings.batch_lines,
            "characters": size,
            "seconds": took,
            "front_peak_mib_before": before,
            "front_peak_mib_after": after,
        }
    ]


def redis_cost(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """What Redis does for a batch of full chunks, by chunk; also when nothing is done, for a second."""
    with rig() as one:
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        texts = sentences(arguments.source, arguments.items)
        run(one, texts[:50])
        idle, _ = _counted(one, lambda: time.sleep(10))
        room = Settings().chunk_characters
        chunks = sum(map(len, texts)) // room
        texts = list(_up_to(texts, chunks * room))
        busy, busy_s = _counted(one, lambda: run(one, texts))
        connections = one.redis.info("clients")["connected_clients"]
    per_second = {name: n / 10 for name, n in idle.items()}
    per_chunk = {name: (n - per_second[name] * busy_s) / chunks for name, n in busy.items()}
    return [
        {"of": "an idle second", **per_second},
        {"of": "a chunk", **per_chunk},
        {"chunks": chunks, "items": len(texts), "connections": connections},
    ]


def _up_to(texts: Iterable[str], characters: int) -> Iterator[str]:
    """The first texts, of so many characters together at most."""
    for text in texts:
        characters -= len(text)
        if characters < 0:
            return
        yield text


def _counted(one: Rig, work: Callable[[], object]) -> tuple[dict[str, float], float]:
    """Commands, bytes and processor time of Redis while the work is done, and its seconds."""

    def now() -> dict[str, float]:
        info = one.redis.info()
        return {
            "commands": info["total_commands_processed"],
            "bytes_in": info["total_net_input_bytes"],
            "bytes_out": info["total_net_output_bytes"],
            "cpu_ms": 1000 * (info["used_cpu_user"] + info["used_cpu_sys"]),
        }

    started, before = time.perf_counter(), now()
    work()
    after = now()
    return {name: after[name] - before[name] for name in after}, time.perf_counter() - started
