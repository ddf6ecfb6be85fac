"""A batch through HTTP, Redis and Celery, against the bare engine and against the pipeline."""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.batch.client import run
from benchmarks.batch.texts import sentences
from benchmarks.rig import rig
from service.jobs import Queue

if TYPE_CHECKING:
    from workers.pipeline import Pipeline


def throughput(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Characters a second of three ways, in turns."""
    texts = sentences(arguments.source, arguments.items)
    characters = sum(map(len, texts))
    children = {
        name: _start_child(name, arguments.source, arguments.items)
        for name in ("engine", "pipeline")
    }
    seconds: dict[str, list[float]] = {name: [] for name in (*children, "service")}
    with rig() as one:
        one.worker("batch", Queue.BATCH)
        run(one, texts[:50])
        for _ in range(arguments.rounds):
            for name, child in children.items():
                seconds[name].append(_ask(child))
            seconds["service"].append(run(one, texts))
    for child in children.values():
        child.communicate()
    bare = statistics.median(seconds["engine"])
    return [
        {
            "way": name,
            "seconds": median,
            "characters_per_second": characters / median,
            "share_of_bare_engine": bare / median,
            "share_of_pipeline": statistics.median(seconds["pipeline"]) / median,
        }
        for name, median in ((name, statistics.median(took)) for name, took in seconds.items())
    ]


def _start_child(way: str, source: Path, items: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.batch.throughput", way, str(source), str(items)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()  # loaded and warm
    return child


def _ask(child: "subprocess.Popen[str]") -> float:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def _child(way: str, texts: Sequence[str]) -> None:
    work = _engine(texts) if way == "engine" else _pipeline(texts)
    work()
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        work()
        print(time.perf_counter() - started, flush=True)


def _here() -> "Pipeline":
    from service.settings import get_settings
    from workers.pipeline import Pipeline

    settings = get_settings()
    return Pipeline.of(settings.load_catalogue(), settings)


def _engine(texts: Sequence[str]) -> Callable[[], object]:
    """The texts' sentences, split before, through the engine in batches by tokens: nothing else."""
    from models.engine import PLAIN
    from models.languages import route
    from workers.documents.plain import parse_text
    from workers.segment import split

    pipeline = _here()
    path = route(pipeline.catalogue, "en", "es")
    segments = [segment.text for text in texts for segment in split(parse_text(text), "en")]
    return lambda: pipeline.decode(path, segments, PLAIN, lambda _: None)


def _pipeline(texts: Sequence[str]) -> Callable[[], object]:
    """What a worker does, with all of it at once: checks, mending and offsets with it."""
    from service.schemas import TranslationRequest

    pipeline = _here()
    requests = [TranslationRequest(text=text, source="en", target="es") for text in texts]
    return lambda: pipeline.run_many(requests, lambda *_: None)


if __name__ == "__main__":
    _child(sys.argv[1], sentences(Path(sys.argv[2]), int(sys.argv[3])))
