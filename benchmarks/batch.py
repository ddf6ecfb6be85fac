"""What a batch costs and whom it disturbs: `python -m benchmarks.batch [PART…]`.

Each part starts a stack of its own and prints one table:

- `throughput`: a batch through HTTP, Redis and Celery against the bare engine on the same sentences and
  processors, and against the pipeline in one process; the three take turns.
- `scale`: ten times the items against the time.
- `workers`: two workers of one processor each against one.
- `editor`: an article of 400 words while a batch runs, against the same when nothing does.
- `fairness`: two clients, the second later and smaller: who got what share of the workers.
- `memory`: the resident memory of each part over a long batch, in quarters.
- `redis`: commands and bytes of Redis for each chunk.
- `machines`: workers that only wait as long as a chunk takes, as many as `--machines` have: how busy one
  front and one Redis keep them, and how many chunks a second they manage at most.

Sentences are news commentary, an item each. Run it on an idle machine.
"""

import argparse
import json
import lzma
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.rig import Rig, rig
from service.jobs import JobState, Kind, Queue, Ref
from service.settings import Settings
from service.store import JobStore

if TYPE_CHECKING:
    from workers.pipeline import Pipeline

DATA = Path(__file__).parents[2] / "shared" / "data" / "parallel" / "news-commentary.en.xz"
ARTICLE_WORDS = 400
Row = dict[str, Any]


def main() -> None:
    """Run the parts that are asked for, else all."""
    parts: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
        "throughput": throughput,
        "scale": scale,
        "workers": workers,
        "editor": editor,
        "fairness": fairness,
        "memory": memory,
        "redis": redis_cost,
        "machines": machines,
    }
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.batch",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    parser.add_argument("--source", type=Path, default=DATA, help="a sentence a line, .xz")
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=10_000, help="items of scale and editor")
    parser.add_argument("--long", type=int, default=50_000, help="items of memory")
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--chunk-seconds", type=float, default=3.0, help="of machines' workers")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", choices=("engine", "pipeline"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(parts):
        parser.error(f"no such part: {', '.join(unknown)}")
    if arguments.child:
        _child(arguments.child, _sentences(arguments.source, arguments.items))
        return
    report = {}
    for name in arguments.parts or parts:
        print(f"{name}: started", file=sys.stderr)
        report[name] = parts[name](arguments)
        print(f"\n{name}")
        for row in report[name]:
            print("  " + "  ".join(f"{key} {_shown(value)}" for key, value in row.items()))
        sys.stdout.flush()
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def throughput(arguments: argparse.Namespace) -> list[Row]:
    """Characters a second of three ways, in turns."""
    texts = _sentences(arguments.source, arguments.items)
    characters = sum(map(len, texts))
    children = {
        name: _start_child(name, arguments.source, arguments.items)
        for name in ("engine", "pipeline")
    }
    seconds: dict[str, list[float]] = {name: [] for name in (*children, "service")}
    with rig() as one:
        one.worker("batch", Queue.BATCH)
        _run(one, texts[:50])
        for _ in range(arguments.rounds):
            for name, child in children.items():
                seconds[name].append(_ask(child))
            seconds["service"].append(_run(one, texts))
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


def scale(arguments: argparse.Namespace) -> list[Row]:
    """The time of a small and of a large batch, to the character."""
    rows = []
    with rig() as one:
        one.worker("batch", Queue.BATCH)
        texts = _sentences(arguments.source, arguments.large)
        _run(one, texts[:50])
        for count in (arguments.items, arguments.large):
            took = _run(one, texts[:count])
            characters = sum(map(len, texts[:count]))
            rows.append(
                {
                    "items": count,
                    "seconds": took,
                    "microseconds_per_character": took / characters * 1e6,
                }
            )
    return rows


def workers(arguments: argparse.Namespace) -> list[Row]:
    """One worker on one processor, then two on one each; the front and Redis share both."""
    texts = _sentences(arguments.source, arguments.items)
    took = []
    with rig() as one:
        for count in (1, 2):
            one.worker(f"batch {count}", Queue.BATCH, cpus=[count - 1])
            for _ in range(4 * count):  # until each has loaded its model
                _run(one, texts[:50])
            took.append(statistics.median(_run(one, texts) for _ in range(arguments.rounds)))
    return [
        {"workers": count, "seconds": seconds, "times_one": took[0] / seconds}
        for count, seconds in enumerate(took, 1)
    ]


def editor(arguments: argparse.Namespace) -> list[Row]:
    """An editor's article when idle, and while a batch runs."""
    with rig() as one:
        one.worker("interactive", Queue.INTERACTIVE)
        one.worker("batch", Queue.BATCH)
        texts = _sentences(arguments.source, arguments.large + 2000)
        articles = _articles(texts[arguments.large :])
        _run(one, texts[:50])
        _translate(one, next(articles))
        idle = [_translate(one, next(articles)) for _ in range(5)]
        batch = _send(one, texts[: arguments.large])
        _await_first(one, batch)
        busy = [_translate(one, next(articles)) for _ in range(10)]
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


def fairness(arguments: argparse.Namespace) -> list[Row]:
    """Two clients: the second comes when the first is at work, with a fifth of its items."""
    with rig(("first", "second"), DRAGOMAN_CHUNK_CHARACTERS="4000") as one:
        first, second = one.keys["first"], one.keys["second"]
        one.worker("batch", Queue.BATCH)
        texts = _sentences(arguments.source, 6 * arguments.items)
        large = _send(one, texts[: 5 * arguments.items], first)
        _await_first(one, large, first)
        began = _done(one, large, first)
        small = _send(one, texts[5 * arguments.items :], second)
        _await_end(one, small, second)
        shares = _done(one, large, first) - began, _done(one, small, second)
        state = one.client.get(f"/v1/batches/{large}", headers=first).json()["state"]
    return [
        {
            "first_characters": shares[0],
            "second_characters": shares[1],
            "second_to_first": shares[1] / shares[0],
            "first_is_still": state,
        }
    ]


def memory(arguments: argparse.Namespace) -> list[Row]:
    """The most that each part holds in each quarter of a long batch of short items."""
    peaks: list[dict[str, float]] = [{} for _ in range(4)]
    with rig() as one:
        one.worker("batch", Queue.BATCH)
        texts = [" ".join(t.split()[:6]) for t in _sentences(arguments.source, 2 * arguments.long)]
        texts = list(dict.fromkeys(texts))[: arguments.long]
        _run(one, texts[:50])
        batch = _send(one, texts)
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
    rows: list[Row] = [
        {"quarter": number, **{f"{name}_mib": used for name, used in peak.items()}}
        for number, peak in enumerate(peaks, 1)
    ]
    return [*rows, {"items": len(texts), "results_mib": size, "on_disk_mib": disk}]


def redis_cost(arguments: argparse.Namespace) -> list[Row]:
    """What Redis does for a batch, by chunk; also when nothing is done, for a second."""
    with rig() as one:
        one.worker("batch", Queue.BATCH)
        texts = _sentences(arguments.source, arguments.items)
        _run(one, texts[:50])
        idle, _ = _counted(one, lambda: time.sleep(10))
        chunks = sum(map(len, texts)) / 24_000
        busy, busy_s = _counted(one, lambda: _run(one, texts))
        connections = one.redis.info("clients")["connected_clients"]
    per_second = {name: n / 10 for name, n in idle.items()}
    per_chunk = {name: (n - per_second[name] * busy_s) / chunks for name, n in busy.items()}
    return [
        {"of": "an idle second", **per_second},
        {"of": "a chunk", **per_chunk},
        {"connections": connections},
    ]


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


def machines(arguments: argparse.Namespace) -> list[Row]:
    """Machines with two workers each, that sleep; the last row's do not, and show the ceiling."""
    texts = _sentences(arguments.source, arguments.large)
    characters = sum(map(len, texts)) / len(texts)
    rows = []
    plans = [(2 * count, arguments.chunk_seconds) for count in arguments.machines] + [(8, 0.0)]
    for count, seconds in plans:
        with rig(DRAGOMAN_CHUNK_CHARACTERS="2000") as one:
            # For ten seconds of work; small chunks, so that a batch has enough of them.
            chunks = int(count * 10 / seconds) if seconds else len(texts)
            items = min(len(texts), max(200, int(chunks * 2000 / characters)))
            with pretend_workers(one, count, seconds) as done:
                batch = _send(one, texts[:items])
                _await_first(one, batch)
                before, started = len(done), time.perf_counter()
                _await_end(one, batch)
                took = time.perf_counter() - started
            rate = (len(done) - before) / took
            rows.append(
                {
                    "workers": count,
                    "seconds_a_chunk": seconds,
                    "chunks_a_second": rate,
                    "busy": rate * seconds / count,
                    "waited_worst": max(done),
                }
            )
    return rows


@contextmanager
def pretend_workers(one: Rig, count: int, seconds: float) -> Iterator[list[float]]:
    """Threads that take chunks from the queue as workers do, and sleep instead of translating.

    Gives the list that grows by a chunk's wait for a worker each time one is done.
    """
    settings = Settings(redis_url=one.environment["DRAGOMAN_REDIS_URL"])
    store, done, over = JobStore.connect(settings), list[float](), threading.Event()

    def work() -> None:
        idle_since = time.perf_counter()
        while not over.is_set():
            found = store.client.brpop([Queue.BATCH.key], timeout=1)
            if found is None:
                continue
            ref = Ref(Kind.CHUNK, json.loads(found[1])["headers"]["id"])
            lease = store.leases.lease(ref, "pretended")
            if lease is None:
                continue
            waited = time.perf_counter() - idle_since
            store.leases.progress(lease, 0, 1)
            time.sleep(seconds)
            outcome = {"result": {"text": "x" * 5 * 120}}  # what comes back has five times the size
            outcomes = [outcome for _ in json.loads(lease.request)["items"]]
            store.leases.end(
                lease, JobState.SUCCEEDED, "result", json.dumps({"outcomes": outcomes})
            )
            idle_since = time.perf_counter()
            done.append(waited)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _run(one: Rig, texts: Sequence[str]) -> float:
    """Seconds from the sending of a batch to its end."""
    started = time.perf_counter()
    _await_end(one, _send(one, texts))
    return time.perf_counter() - started


def _send(one: Rig, texts: Sequence[str], headers: dict[str, str] | None = None) -> str:
    wish = {"task": "translate", "source": "en", "target": "es"}
    lines = (
        json.dumps({"custom_id": str(number), "text": text, **wish}).encode() + b"\n"
        for number, text in enumerate(texts)
    )
    answer = one.client.post(
        "/v1/batches",
        content=lines,
        headers={"Content-Type": "application/jsonl", **(headers or {})},
    )
    batch: dict[str, Any] = answer.raise_for_status().json()
    assert batch["counts"]["total"] == len(texts)
    return str(batch["id"])


def _standings(
    one: Rig, batch: str, headers: dict[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    with one.client.stream("GET", f"/v1/batches/{batch}/events", headers=headers) as events:
        for line in events.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def _await_end(one: Rig, batch: str, headers: dict[str, str] | None = None) -> None:
    for last in _standings(one, batch, headers):
        counts = last["counts"]
        print(
            f"\r  {counts['done']:,} of {counts['total']:,} ", end="", file=sys.stderr, flush=True
        )
    print("\r\033[K", end="", file=sys.stderr)
    assert counts["done"] == counts["total"], last


def _await_first(one: Rig, batch: str, headers: dict[str, str] | None = None) -> None:
    next(s for s in _standings(one, batch, headers) if s["counts"]["done"])


def _done(one: Rig, batch: str, headers: dict[str, str]) -> int:
    standing = one.client.get(f"/v1/batches/{batch}", headers=headers).json()
    done: int = standing["characters"]["done"]
    return done


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


def _articles(sentences: Sequence[str]) -> Iterator[str]:
    """Texts of 400 words, none twice."""
    words = " ".join(sentences).split()
    for start in range(0, len(words) - ARTICLE_WORDS, ARTICLE_WORDS):
        yield " ".join(words[start : start + ARTICLE_WORDS])


def _sentences(source: Path, count: int) -> list[str]:
    """Different sentences of 8 to 40 words."""
    with lzma.open(source, "rt", encoding="utf-8") as file:
        fitting = (line.strip() for line in file if 8 <= len(line.split()) <= 40)
        texts = list(islice(dict.fromkeys(fitting), count))
    if len(texts) < count:
        raise SystemExit(f"{source} has {len(texts)} sentences, {count} are needed")
    return texts


def _start_child(way: str, source: Path, items: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.batch", "--child", way]
    command += ["--source", str(source), "--items", str(items)]
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
    run = _engine() if way == "engine" else _pipeline()
    run(texts[:50])
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        run(texts)
        print(time.perf_counter() - started, flush=True)


def _here() -> "Pipeline":
    from service.settings import get_settings
    from workers.pipeline import Pipeline

    settings = get_settings()
    return Pipeline.of(settings.load_catalogue(), settings)


def _engine() -> Callable[[Sequence[str]], None]:
    """The sentences through the engine in batches by tokens, and nothing else."""
    from models.languages import route
    from workers.batching import PLAIN
    from workers.documents.plain import parse_text
    from workers.segment import split

    pipeline = _here()
    path = route(pipeline.catalogue, "en", "es")

    @lru_cache
    def sentences(text: str) -> list[str]:
        return [segment.text for segment in split(parse_text(text), "en")]

    def run(texts: Sequence[str]) -> None:
        pipeline.decode(path, [s for text in texts for s in sentences(text)], PLAIN, lambda _: None)

    return run


def _pipeline() -> Callable[[Sequence[str]], None]:
    """What a worker does, with all of it at once: checks, mending and offsets with it."""
    from service.schemas import TranslationRequest

    pipeline = _here()

    def run(texts: Sequence[str]) -> None:
        requests = [TranslationRequest(text=text, source="en", target="es") for text in texts]
        pipeline.run_many(requests, lambda *_: None)

    return run


def _shown(value: object) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
