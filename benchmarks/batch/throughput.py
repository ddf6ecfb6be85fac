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
from service.jobs.job import Queue

if TYPE_CHECKING:
    from pipeline.pipeline import Pipeline
    from pipeline.requests import TranslationRequest


WAYS = ("engine", "decodes", "pipeline")
"""The ways in one process; `decodes` is the bare engine again, with every decode that repairs ask for."""
WARMING = 100
Took = tuple[float, float]
"""Seconds, and seconds of processors."""


def throughput(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Seconds of four ways, in turns, and how much of the processors each had."""
    texts = sentences(arguments.source, arguments.items)
    children = {name: _start_child(name, arguments.source, arguments.items) for name in WAYS}
    took: dict[str, list[Took]] = {name: [] for name in (*WAYS, "service")}
    # All ways with the same right to the processors.
    with rig(DRAGOMAN_BATCH_NICENESS="0") as one:
        one.worker("batch", Queue.BATCH, processes=arguments.processes)
        run(one, texts[:WARMING])
        for _ in range(arguments.rounds):
            for name, child in children.items():
                took[name].append(_ask(child))
            before = one.processor_seconds()
            seconds = run(one, texts)
            parts = {name: used - before[name] for name, used in one.processor_seconds().items()}
            took["service"].append((seconds, sum(parts.values())))
    for child in children.values():
        child.communicate()
    medians = {
        name: [statistics.median(of_kind) for of_kind in zip(*of_way, strict=True)]
        for name, of_way in took.items()
    }
    rows: list[dict[str, Any]] = [
        {
            "way": name,
            "seconds": seconds,
            "processor_seconds": of_processors,
            "characters_per_second": sum(map(len, texts)) / seconds,
            "share_of_bare_engine": medians["engine"][0] / seconds,
            "share_of_same_decodes": medians["decodes"][0] / seconds,
        }
        for name, (seconds, of_processors) in medians.items()
    ]
    return [*rows, {"processor_seconds_of": "the last round's service", **parts}]


def _start_child(way: str, source: Path, items: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.batch.throughput", way, str(source), str(items)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()  # loaded and warm
    return child


def _ask(child: "subprocess.Popen[str]") -> Took:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    seconds, of_processors = child.stdout.readline().split()
    return float(seconds), float(of_processors)


def _child(way: str, texts: Sequence[str]) -> None:
    work_of = {"engine": _engine, "decodes": _decodes, "pipeline": _pipeline}[way]
    pipeline = _here()
    work_of(pipeline, texts[:WARMING])()
    work = work_of(pipeline, texts)
    print("ready", flush=True)
    for _ in sys.stdin:
        started, used = time.perf_counter(), time.process_time()
        work()
        print(time.perf_counter() - started, time.process_time() - used, flush=True)


def _here() -> "Pipeline":
    from service.settings import get_settings
    from workers.resident import pipeline_of

    settings = get_settings()
    return pipeline_of(settings, settings.load_catalogue())


def _engine(pipeline: "Pipeline", texts: Sequence[str]) -> Callable[[], object]:
    """The texts' sentences, split before, through the engine in batches by tokens: nothing else."""
    from models.engines.translator import PLAIN
    from models.routes import route
    from pipeline.documents.plain_text import parse_text
    from pipeline.segments import split

    path = route(pipeline.decoder.catalogue, "en", "es")
    segments = [segment.text for text in texts for segment in split(parse_text(text), "en")]
    return lambda: pipeline.decoder.decode(path, segments, PLAIN, lambda _: None)


def _decodes(plain: "Pipeline", texts: Sequence[str]) -> Callable[[], object]:
    """What the pipeline asks of the engine for the texts, at once for each kind of decoding."""
    from models.engines.translator import Decoding, Output
    from models.routes import Route
    from pipeline.decode import Decoder
    from pipeline.pipeline import Pipeline

    asked: list[tuple[Route, Decoding, list[str]]] = []

    class Noted(Decoder):
        """A decoder that records what it decodes."""

        def decode(
            self,
            route: Route,
            texts: Sequence[str],
            decoding: Decoding,
            done: Callable[[float], None],
        ) -> list[Output]:
            for path, kind, of_kind in asked:
                if (path, kind) == (route, decoding):
                    of_kind.extend(texts)
                    break
            else:
                asked.append((route, decoding, list(texts)))
            return Decoder.decode(self, route, texts, decoding, done)

    decoder = Noted(plain.decoder.catalogue, plain.decoder.models, plain.decoder.batch_tokens)
    Pipeline(decoder, plain.house).run_many(_requests(texts), lambda *_: None)

    def work() -> None:
        for path, decoding, of_kind in asked:
            plain.decoder.decode(path, of_kind, decoding, lambda _: None)

    return work


def _pipeline(pipeline: "Pipeline", texts: Sequence[str]) -> Callable[[], object]:
    """What a worker does, with all of it at once: checks, repairs and offsets included."""
    requests = _requests(texts)
    return lambda: pipeline.run_many(requests, lambda *_: None)


def _requests(texts: Sequence[str]) -> "list[TranslationRequest]":
    from pipeline.requests import TranslationRequest

    return [TranslationRequest(text=text, source="en", target="es") for text in texts]


if __name__ == "__main__":
    _child(sys.argv[1], sentences(Path(sys.argv[2]), int(sys.argv[3])))
