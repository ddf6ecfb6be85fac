"""The clients: those of jobs, one of batches, and one that is told of what has ended."""

import http.server
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

ARTICLE = Path(__file__).parents[2] / "docs" / "article.txt"
FINISHED = {"succeeded", "failed", "cancelled"}


@dataclass
class Tally:
    """What the clients saw."""

    accepted: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    callbacks: set[str] = field(default_factory=set)
    """The jobs of which somebody is to be told."""
    told: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"interactive": [], "batch": []}
    )
    lines: Counter[str] = field(default_factory=Counter)
    """The lines of batches: those sent, by what became of each, and those that came twice."""
    refused: Counter[str] = field(default_factory=Counter)


class Client:
    """Sends until there is an answer: what the front's death or a refusal delays is sent again."""

    def __init__(self, address: str, chance: random.Random, tally: Tally) -> None:
        self._client = httpx.Client(base_url=address, timeout=30)
        self._chance = chance
        self._tally = tally

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer, which is no refusal to be tried again."""
        while True:
            try:
                answer = self._client.request(method, path, **more)
            except httpx.TransportError:
                self._tally.refused["no answer"] += 1
                time.sleep(0.2)
                continue
            if answer.status_code not in {429, 503}:
                return answer
            self._tally.refused[str(answer.status_code)] += 1
            time.sleep(min(float(answer.headers["Retry-After"]), 5))

    def send(self, path: str, **more: Any) -> str:
        """The id of what was accepted, once: a resent request is told by its key."""
        headers = {
            "Idempotency-Key": str(UUID(int=self._chance.getrandbits(128))),
            **more.pop("headers", {}),
        }
        answer = self.ask("POST", path, headers=headers, **more)
        return str(answer.raise_for_status().json()["id"])


def send_jobs(
    address: str,
    hook: str,
    priority: str,
    chance: random.Random,
    tally: Tally,
    over: threading.Event,
) -> None:
    """Send jobs, one after the other, and follow each to its end."""
    paragraphs = _paragraphs()
    client = Client(address, chance, tally)
    while not over.is_set():
        # A number makes each text one of a kind.
        text = f"Report {chance.randrange(10**9)} of the day.\n\n"
        text += "\n\n".join(paragraphs) if chance.random() < 0.1 else chance.choice(paragraphs)
        body: dict[str, Any] = {"text": text, "source": "en", "target": "es", "priority": priority}
        told = chance.random() < 0.3
        if told:
            body["callback"] = {"url": hook}
        path = chance.choice(["/v1/translations", "/v1/translations", "/v1/summaries"])
        started = time.monotonic()
        job_id = client.send(path, json=body)
        tally.accepted.append(job_id)
        if chance.random() < 0.05:
            client.ask("DELETE", f"/v1/jobs/{job_id}")
            tally.deleted.add(job_id)
            continue
        if told:
            tally.callbacks.add(job_id)
        while not over.is_set():
            answer = client.ask("GET", f"/v1/jobs/{job_id}", headers={"Prefer": "wait=10"})
            if answer.json().get("state") in FINISHED:
                tally.seconds[priority].append(time.monotonic() - started)
                break


def send_batches(address: str, chance: random.Random, tally: Tally, over: threading.Event) -> None:
    """Send batches, one after the other, and read the results of each."""
    paragraphs = _paragraphs()
    client = Client(address, chance, tally)
    while not over.is_set():
        count = chance.choice([5, 20, 80])
        lines = [
            json.dumps(
                {
                    "custom_id": str(number),
                    "task": chance.choice(["translate", "translate", "summarize"]),
                    "text": f"Line {chance.randrange(10**9)}. {chance.choice(paragraphs)}",
                    "source": "en",
                    "target": "es",
                }
            )
            for number in range(count)
        ]
        where = f"/v1/batches/{_send_batch(client, lines)}"
        tally.lines["in"] += count
        # Also when it is over: a line that never ends is one that is lost.
        while client.ask("GET", where).json()["state"] not in FINISHED:
            time.sleep(1)
        results = client.ask("GET", f"{where}/results").text.splitlines()
        statuses = {line["custom_id"]: line["status"] for line in map(json.loads, results)}
        tally.lines.update(statuses.values())
        tally.lines["doubled"] += len(results) - len(statuses)


def _send_batch(client: Client, lines: Sequence[str]) -> str:
    headers = {"Content-Type": "application/jsonl"}
    return client.send("/v1/batches", content="\n".join(lines).encode(), headers=headers)


def _paragraphs() -> list[str]:
    article = ARTICLE.read_text(encoding="utf-8")
    return [paragraph for paragraph in article.split("\n\n") if len(paragraph) > 80]


@contextmanager
def receiver(tally: Tally) -> Iterator[str]:
    """The URL of a server that counts the webhooks it gets, by job; it answers while the `with` lasts."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            tally.told[body["data"]["id"]] += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
