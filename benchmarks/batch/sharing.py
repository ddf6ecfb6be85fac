"""Who waits for whom: an editor beside a batch, and two clients with a batch each."""

import argparse
import statistics
import time
from typing import Any

from benchmarks.batch.client import await_end, await_first, done, run, send
from benchmarks.batch.texts import articles, sentences
from benchmarks.rig import Rig, rig
from service.jobs.job import Queue


def editor(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """An editor's article when idle, and while a batch runs."""
    with rig() as one:
        one.worker("interactive", Queue.INTERACTIVE)
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        texts = sentences(arguments.source, arguments.large + 2000)
        unread = articles(texts[arguments.large :])
        run(one, texts[:50])
        _translate(one, next(unread))
        idle = [_translate(one, next(unread)) for _ in range(5)]
        batch = send(one, texts[: arguments.large])
        await_first(one, batch)
        busy = [_translate(one, next(unread)) for _ in range(10)]
        still = one.client.get(f"/v1/batches/{batch}").json()["state"]
        one.client.delete(f"/v1/batches/{batch}")
    return [
        {"with": "nothing", "median": statistics.median(idle), "worst": max(idle)},
        {
            "with": f"a batch, {still}",
            "median": statistics.median(busy),
            "worst": max(busy),
            "times_idle": statistics.median(busy) / statistics.median(idle),
        },
    ]


def fairness(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Two clients: the second comes when the first is at work, with a fifth of its items."""
    with rig(("first", "second"), DRAGOMAN_CHUNK_CHARACTERS="4000") as one:
        first, second = one.keys["first"], one.keys["second"]
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        texts = sentences(arguments.source, 6 * arguments.items)
        large = send(one, texts[: 5 * arguments.items], first)
        await_first(one, large, first)
        began = done(one, large, first)
        small = send(one, texts[5 * arguments.items :], second)
        await_end(one, small, second)
        shares = done(one, large, first) - began, done(one, small, second)
        state = one.client.get(f"/v1/batches/{large}", headers=first).json()["state"]
    return [
        {
            "first_characters": shares[0],
            "second_characters": shares[1],
            "second_to_first": shares[1] / shares[0],
            "first_is_still": state,
        }
    ]


def _translate(one: Rig, text: str) -> float:
    """Seconds from an editor's request to its answer."""
    started = time.perf_counter()
    answer = one.client.post(
        "/v1/translations",
        json={"text": text, "source": "en", "target": "es"},
        headers={"Prefer": "wait=60"},
    )
    assert answer.json()["state"] == "succeeded", answer.text
    return time.perf_counter() - started
