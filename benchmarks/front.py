"""What one front takes and answers, and how soon: `python -m benchmarks.front`.

- accepted: translations a second that it accepts from 32 connections while nobody works on them, and the
  processor time of the front and of Redis for each.
- jobs: `GET /v1/jobs/{id}`, 200 a second, while a batch keeps the workers busy.
- story: an editor's read of a story of 60 sentences, one after another, then the same while workers are busy.

Run it on an idle machine; processor times are the front's own on a busy one too.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from benchmarks.batch.client import await_first, send
from benchmarks.rig import Rig, rig
from service.jobs.job import Queue

CONNECTIONS = 32
READS_PER_SECOND = 200
STORY_SENTENCES = 60
BATCH = 4000
"""Items that keep the workers busy for as long as the reads take."""


class Connection:
    """An HTTP/1.1 connection that is kept open: a client that takes little of the processors itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, one: Rig) -> "Connection":
        """Connect to the front of the rig."""
        address = urlsplit(str(one.client.base_url))
        return cls(*await asyncio.open_connection(address.hostname, address.port))

    async def send(self, method: str, path: str, body: bytes = b"") -> int:
        """Send one request and read its answer whole; gives the status."""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length))
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


async def accepted(one: Rig, count: int) -> dict[str, float]:
    """Send translations from all connections at once."""
    connections = [await Connection.open(one) for _ in range(CONNECTIONS)]
    numbers = iter(range(count))

    async def send_some(connection: Connection) -> None:
        for number in numbers:
            text = f"The mayor said on Monday that {number} people were there."
            body = json.dumps({"text": text, "source": "en", "target": "es"}).encode()
            status = await connection.send("POST", "/v1/translations", body)
            assert status == 202, status

    before, started = one.processor_seconds(), time.perf_counter()
    await asyncio.gather(*map(send_some, connections))
    seconds, after = time.perf_counter() - started, one.processor_seconds()
    for connection in connections:
        connection.close()
    return {
        "a second": count / seconds,
        **{f"{part}, ms each": (after[part] - before[part]) / count * 1000 for part in before},
    }


async def paced(one: Rig, path: str, per_second: float, count: int) -> list[float]:
    """Milliseconds of each of so many reads, begun at even intervals on as many connections as that takes."""
    free: list[Connection] = []
    took: list[float] = []

    async def read() -> None:
        connection = free.pop() if free else await Connection.open(one)
        began = time.perf_counter()
        status = await connection.send("GET", path)
        took.append((time.perf_counter() - began) * 1000)
        assert status == 200, status
        free.append(connection)

    async with asyncio.TaskGroup() as group:
        started = time.perf_counter()
        for number in range(count):
            await asyncio.sleep(max(0, started + number / per_second - time.perf_counter()))
            group.create_task(read())
    for connection in free:
        connection.close()
    return took


def percentiles(took: Sequence[float]) -> dict[str, float]:
    """The median and the 99th percentile in milliseconds."""
    ordered = sorted(took)
    return {"p50, ms": ordered[len(took) // 2], "p99, ms": ordered[len(took) * 99 // 100]}


def story(one: Rig) -> str:
    """Make a translated story; gives the path of its Spanish version."""
    text = " ".join(
        f"The mayor said on Monday that {number} people came to the harbour."
        for number in range(STORY_SENTENCES)
    )
    body = {"text": text, "source": "en", "targets": ["es"]}
    headers = {"Prefer": "wait=60"}
    one.client.put("/v1/stories/harbour", json=body, headers=headers).raise_for_status()
    path = "/v1/stories/harbour/versions/es"
    segments = one.client.get(path).raise_for_status().json()["segments"]
    assert len(segments) == STORY_SENTENCES
    return path


def show(name: str, figures: dict[str, float]) -> None:
    """Print one line."""
    print(name, "  ".join(f"{key} {value:,.2f}" for key, value in figures.items()), flush=True)


def main() -> None:
    """Measure on a rig of its own."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.front",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--reads", type=int, default=2000)
    arguments = parser.parse_args()
    with rig() as one:
        show("accepted", asyncio.run(accepted(one, arguments.requests)))
        show("memory, MiB", one.memory())
    # Small chunks, so that the workers stop soon.
    with rig(DRAGOMAN_CHUNK_CHARACTERS="6000") as one:
        one.worker("interactive", Queue.INTERACTIVE)
        one.worker("batch", Queue.BATCH, processes=2)
        path = story(one)
        # A busy front answers later, not only a busy machine.
        show("story, idle", percentiles(asyncio.run(paced(one, path, 20, arguments.reads // 10))))
        batch = send(one, (f"The {n} ferries left the harbour at night." for n in range(BATCH)))
        await_first(one, batch)
        answer = one.client.post(
            "/v1/translations",
            json={"text": "The vote is in July.", "source": "en", "target": "es"},
        )
        job = f"/v1/jobs/{answer.raise_for_status().json()['id']}"
        reads = arguments.reads
        show("jobs, busy", percentiles(asyncio.run(paced(one, job, READS_PER_SECOND, reads))))
        show("story, busy", percentiles(asyncio.run(paced(one, path, 20, reads // 10))))
        show("memory, MiB", one.memory())


if __name__ == "__main__":
    main()
