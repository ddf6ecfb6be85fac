"""Measure what the engine `openai` costs: `python -m benchmarks.language_models`.

Translates the same sentences through the engine and by calling the same server directly with httpx, with 1, 8
and 32 requests in flight, in turns, and prints sentences a second and the engine's share of the direct
calls. The server (`tests/language_server.py`) takes a fixed time for each answer, however many are in flight,
as one with a GPU and continuous batching nearly does: the engine is measured, not the model.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import closing
from statistics import median

import httpx

from models.catalogue import Model
from models.engines.openai import OpenAITranslator
from models.engines.prompts import translation_prompt
from tests.entries import entry
from tests.integration.test_language_models import LanguageServer, language_server

IN_FLIGHT = (1, 8, 32)


def by_engine(model: Model, texts: Sequence[str]) -> float:
    """Sentences a second through the engine, in batches as the pipeline makes them."""
    size = max(1, len(texts) // (2 * model.concurrency))
    batches = [texts[start : start + size] for start in range(0, len(texts), size)]
    with closing(OpenAITranslator(model)) as translator:
        start = time.monotonic()
        for _ in translator.stream(batches, source="en", target="es"):
            pass
        return len(texts) / (time.monotonic() - start)


async def directly(server: LanguageServer, model: Model, texts: Sequence[str]) -> float:
    """Sentences a second by direct calls, as many at a time."""
    slots = asyncio.Semaphore(model.concurrency)
    limits = httpx.Limits(max_connections=model.concurrency)
    async with httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits) as client:

        async def ask(text: str) -> None:
            prompt = translation_prompt(model, text, "en", "es")
            body = {"model": "served", "messages": prompt, "temperature": 0, "max_tokens": 100}
            async with slots:
                (await client.post("chat/completions", json=body)).raise_for_status().json()

        start = time.monotonic()
        await asyncio.gather(*map(ask, texts))
        return len(texts) / (time.monotonic() - start)


def main() -> None:
    """Print a line for each number of requests in flight."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=30, help="for each request in flight")
    parser.add_argument("--milliseconds", type=int, default=100, help="time of an answer")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with language_server() as server:
        about = {"family": "causal", "engine": "openai", "target": ["es"], "url": server.url}
        for in_flight in IN_FLIGHT:
            model = entry(id="served", concurrency=in_flight, **about)
            texts = [f"The port has {n} ships." for n in range(arguments.sentences * in_flight)]
            engine: list[float] = []
            direct: list[float] = []
            faults = [f"wait {arguments.milliseconds}"] * len(texts)
            for _ in range(arguments.rounds):
                server.fails(*faults)
                direct.append(asyncio.run(directly(server, model, texts)))
                server.fails(*faults)
                engine.append(by_engine(model, texts))
            print(
                f"{in_flight:3} in flight: direct {median(direct):6.1f}, engine {median(engine):6.1f} "
                f"sentences/s, share {median(engine) / median(direct):.3f}"
            )


if __name__ == "__main__":
    main()
