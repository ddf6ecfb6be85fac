"""The articles, and clients that each send one after the other."""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from benchmarks.peers.servers import Server
from benchmarks.processes import processor_seconds, resident_mib

SENTENCES = 20
"""Sentences of an article."""
PARAGRAPH = 4
"""Sentences of a paragraph: an editor's text comes in paragraphs, and so it does here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What some clients saw, what a sentence took of the processors, and the server's memory after it."""

    clients: int
    sentences_per_second: float
    p50: float
    p95: float
    processor_ms: float
    mib: float


def articles(sentences: Sequence[str]) -> list[str]:
    """Articles of the sentences, each of which is in one."""
    paragraphs = [
        " ".join(sentences[start : start + PARAGRAPH])
        for start in range(0, len(sentences), PARAGRAPH)
    ]
    in_article = SENTENCES // PARAGRAPH
    return [
        "\n\n".join(paragraphs[start : start + in_article])
        for start in range(0, len(paragraphs), in_article)
    ]


def measure(
    server: Server, client: httpx.Client, pid: int, texts: Sequence[str], clients: int
) -> Measured:
    """Have so many clients send the texts to a server, whose first process is `pid`."""

    def translate(text: str) -> float:
        started = time.perf_counter()
        translation = server.translate(client, text)
        seconds = time.perf_counter() - started
        assert len(translation) > len(text) / 2, translation
        return seconds

    started, used = time.perf_counter(), processor_seconds(pid)
    with ThreadPoolExecutor(clients) as pool:
        seconds = list(pool.map(translate, texts))
    total, used = time.perf_counter() - started, processor_seconds(pid) - used
    count = SENTENCES * len(texts)
    return Measured(
        clients,
        count / total,
        statistics.median(seconds),
        statistics.quantiles(seconds, n=20)[-1],
        1000 * used / count,
        resident_mib(pid),
    )
