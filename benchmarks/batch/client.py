"""What a client of batches does: sends one, follows it, waits for it."""

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from benchmarks.rig import Rig


def run(one: Rig, texts: Sequence[str]) -> float:
    """Seconds from the sending of a batch to its end."""
    started = time.perf_counter()
    await_end(one, send(one, texts))
    return time.perf_counter() - started


TRANSLATION = {"task": "translate", "source": "en", "target": "es"}
SUMMARY = {"task": "summarize", "source": "en"}


def send(one: Rig, texts: Iterable[str], headers: dict[str, str] | None = None) -> str:
    """Send a batch of translations; gives its id. `headers` are those of a key."""
    return send_items(one, ({"text": text, **TRANSLATION} for text in texts), headers)


def send_items(
    one: Rig, items: Iterable[dict[str, Any]], headers: dict[str, str] | None = None
) -> str:
    """Send a batch of whatever; gives its id."""
    lines = (
        json.dumps({"custom_id": str(number), **item}).encode() + b"\n"
        for number, item in enumerate(items)
    )
    answer = one.client.post(
        "/v1/batches",
        content=lines,
        headers={"Content-Type": "application/jsonl", **(headers or {})},
    )
    batch: dict[str, Any] = answer.raise_for_status().json()
    assert not batch["counts"]["rejected"], batch
    return str(batch["id"])


def standings(
    one: Rig, batch: str, headers: dict[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """The batch at each change, until it has ended."""
    with one.client.stream("GET", f"/v1/batches/{batch}/events", headers=headers) as events:
        for line in events.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def await_end(one: Rig, batch: str, headers: dict[str, str] | None = None) -> None:
    """Wait until all of the batch is done, and say how far it is."""
    for last in standings(one, batch, headers):
        counts = last["counts"]
        print(
            f"\r  {counts['done']:,} of {counts['total']:,} ", end="", file=sys.stderr, flush=True
        )
    print("\r\033[K", end="", file=sys.stderr)
    assert counts["done"] == counts["total"], last


def await_first(one: Rig, batch: str, headers: dict[str, str] | None = None) -> None:
    """Wait until some of the batch is done."""
    next(s for s in standings(one, batch, headers) if s["counts"]["done"])


def done(one: Rig, batch: str, headers: dict[str, str]) -> int:
    """The characters of the batch that are done."""
    standing = one.client.get(f"/v1/batches/{batch}", headers=headers).json()
    done: int = standing["characters"]["done"]
    return done
