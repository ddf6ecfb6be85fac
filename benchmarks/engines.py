"""How fast the engines are: `python -m benchmarks.engines`.

The same sentences, five ways: a plain loop over transformers' `generate`, one sentence a call; the same in
batches; Dragoman's transformers engine; CTranslate2's `translate_batch` by itself, at the best of several
settings; Dragoman's CTranslate2 engine. Each way is a process of its own, so that its memory is its own, on
as many processors as it has threads. They take turns, every other round the other way about, and the medians
are told. The three on transformers take ten to twenty times as long, far from any bar: each goes through the
same sentences once, in one of the rounds, between the others. The processor's seconds stand beside the
clock's: where others use the machine, they are what still compares.

Two models: the embedded one, and one of the size of opus-mt's (6 + 6 layers, width 512, 65,001 pieces) with
random weights, which all contenders stop at the same length. Then what padding costs each of Dragoman's
engines: long and short sentences together, in the batches it makes and in others. At the end, what a real
worker takes with the embedded model.

Run it on an idle machine. `--parts`, `--threads` and `--systems` choose some of it.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import opus
from benchmarks.processes import children, peak_mib
from models.catalogue import Model
from service.settings import Settings

DATA = Path(__file__).parents[2] / "shared" / "data" / "dev" / "newstest2011.en"
ONCE = ("loop", "batched", "dragoman-transformers")
"""They take minutes for each of the others' seconds: once through the sentences must do."""
SYSTEMS = (*ONCE, "ctranslate2", "dragoman-ctranslate2")
MIXED = tuple(
    f"{engine}{most}"
    for engine in ("dragoman-transformers", "dragoman-ctranslate2")
    for most in ("", " 0.1", " 1")
)
"""Each engine with the batches that it gets, with little padding, and with as much as comes."""
MIX = 24
"""Sentences of either end of the lengths that are translated together."""
MODELS = ("embedded", "opus-size")
PARTS = (*MODELS, "padding", "worker")

Row = dict[str, Any]


def main() -> None:
    """Print tables, and write them as JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--source", type=Path, default=DATA, help="a sentence a line")
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--beams", type=int, default=None, help="else the embedded model's")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    texts = _sentences(arguments.source, arguments.sentences)
    told: dict[str, Any] = {"machine": machine(), "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        for part in arguments.parts:
            if part == "worker":
                told["worker_mib"] = _worker_mib()
                print(
                    f"A worker with the embedded model, after an article: {told['worker_mib']} MiB"
                )
                continue
            model = _model(part, Path(folder), arguments.beams)
            given, systems, threads = texts, arguments.systems, arguments.threads
            if part == "padding":
                by_length = sorted(texts, key=len)
                given, systems, threads = by_length[:MIX] + by_length[-MIX:], MIXED, [1]
            told["rows"] += _of_model(part, model, given, systems, threads, arguments.rounds)
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _sentences(source: Path, count: int) -> list[str]:
    """Every third line from the first, the part of the test set that figures are told on."""
    lines = source.read_text(encoding="utf-8").splitlines()[::3]
    return lines[:: max(1, len(lines) // count)][:count]


def _model(part: str, folder: Path, beams: int | None) -> Model:
    embedded = Settings().load_catalogue().get("embedded/en-es", "translate")
    model = opus.make(embedded, folder) if part == "opus-size" else embedded
    return model.model_copy(update={"beams": beams or embedded.beams})


def _of_model(
    part: str,
    model: Model,
    texts: Sequence[str],
    systems: Sequence[str],
    threads: Sequence[int],
    rounds: int,
) -> list[Row]:
    words = sum(len(text.split()) for text in texts)
    print(f"{part}: {len(texts)} sentences, {words} words, {model.beams} beams, {rounds} rounds")
    head = f"{'threads':7} {'system':25} {'seconds':>8} {'processor':>9} {'words/s':>8}"
    print(f"{head} {'MiB':>5} {'padding':>8}  setting", flush=True)
    rows = []
    for number in threads:
        of_number = _compare(number, model, texts, systems, rounds)
        for row in of_number:
            row |= {"part": part, "threads": number, "words_per_second": words / row["seconds"]}
            print(
                f"{number:7} {row['system']:25} {row['seconds']:8.2f} {row['processor']:9.2f} "
                f"{row['words_per_second']:8.0f} {row['mib']:5} {row['padding']:8.1%}  "
                f"{row['setting']}"
            )
        _print_ratios({row["system"]: row["all"] for row in of_number})
        rows += of_number
    return rows


def _print_ratios(seconds: dict[str, list[float]]) -> None:
    """How many times as fast as others Dragoman's engine is, by the medians and round by round."""
    ours = seconds.get("dragoman-ctranslate2", [])
    for other in ("ctranslate2", "loop"):
        theirs = seconds.get(other, [])
        if not (ours and theirs):
            continue
        by_round = [b / a for a, b in zip(ours, theirs, strict=False)]
        rounds = f" ({min(by_round):.2f} to {max(by_round):.2f})" if other not in ONCE else ""
        times = statistics.median(theirs) / statistics.median(ours)
        print(f"{'':7} {times:.2f} times {other}{rounds}", flush=True)


def _compare(
    threads: int, model: Model, texts: Sequence[str], systems: Sequence[str], rounds: int
) -> list[Row]:
    """The median seconds and the peak memory of each system; the systems take turns."""
    contenders = {}
    for system in systems:
        command = [sys.executable, "-m", "benchmarks.contenders", system, str(threads)]
        contenders[system] = subprocess.Popen(
            [*command, model.model_dump_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Loaded one after the other: nobody looks for its best settings in another's company.
        _ask(contenders[system], json.dumps(texts))
    times: dict[str, list[Row]] = {system: [] for system in contenders}
    for turn in range(rounds):
        for system in list(contenders)[:: -1 if turn % 2 else 1]:
            if system not in ONCE or ONCE.index(system) % rounds == turn:
                times[system].append(_ask(contenders[system], "run"))
    about = {system: _ask(child, "tell") for system, child in contenders.items()}
    for child in contenders.values():
        child.communicate()
    return [
        {
            "system": system,
            **{key: statistics.median(run[key] for run in runs) for key in runs[0]},
            "all": [run["seconds"] for run in runs],
            **about[system],
        }
        for system, runs in times.items()
    ]


def _ask(child: "subprocess.Popen[str]", line: str) -> Row:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()
    answer = child.stdout.readline()
    if not answer:
        raise SystemExit("a contender ended by itself: its last words are above")
    told: Row = json.loads(answer)
    return told


def _worker_mib() -> int:
    """The peak memory of a real worker's process that has translated an article."""
    import httpx

    from cli.stack import running

    article = (Path(__file__).parents[1] / "docs" / "article.txt").read_text(encoding="utf-8")
    with (
        tempfile.TemporaryDirectory() as data,
        running(data=Path(data), host="127.0.0.1", port=0, workers=1) as stack,
    ):
        job = httpx.post(
            f"{stack.address}/v1/translations",
            json={"text": article, "source": "en", "target": "es"},
            headers={"Prefer": "wait=60"},
            timeout=90,
        ).json()
        assert job["state"] == "succeeded", job
        (worker,) = [part for part in stack.parts if part.name == "worker interactive"]
        return max(map(peak_mib, children(worker.process.pid)))


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    name = next((line.split(": ")[1] for line in names if line.startswith("model name")), "")
    return {
        "processor": name,
        "processors": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        **{name: version(name) for name in ("ctranslate2", "torch", "transformers")},
    }


if __name__ == "__main__":
    main()
