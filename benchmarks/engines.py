"""How fast the engines are: `python -m benchmarks.engines`.

The same sentences, five ways: a plain loop over transformers' `generate`, one sentence a call; the same in
batches; Dragoman's transformers engine; CTranslate2's `translate_batch` by itself, at the best of several
settings; Dragoman's CTranslate2 engine. Each way is a process of its own, so that its memory is its own, on
as many processors as it has threads. They take turns, and the medians of several rounds are told.

Two models: the embedded one, and one of the size of opus-mt's (6 + 6 layers, width 512, 65,001 pieces) with
random weights, which all contenders stop at the same length. At the end, what a real worker takes with the
embedded model. Run it on an idle machine.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import opus
from benchmarks.processes import children, peak_mib
from models.catalogue import Model
from models.convert import converted
from models.load import on_this_machine
from service.settings import Settings
from workers.batching import padding, plan

DATA = Path(__file__).parents[2] / "shared" / "data" / "dev" / "newstest2011.en"
SYSTEMS = ("loop", "batched", "dragoman-transformers", "ctranslate2", "dragoman-ctranslate2")
MODELS = ("embedded", "opus-size")
BATCH = 64
"""Sentences in a batch of transformers."""
BATCH_TOKENS = Settings().batch_tokens


@dataclass(frozen=True, slots=True)
class System:
    """One way to translate, the share of padding in its batches, and how it was set."""

    run: Callable[[Sequence[str]], list[str]]
    padding: float
    setting: str = ""


def main() -> None:
    """Print a table, and write it as JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--source", type=Path, default=DATA, help="a sentence a line")
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--opus-sentences", type=int, default=100, help="the first of them")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--beams", type=int, default=None, help="else the embedded model's")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)  # system, threads, the model
    arguments = parser.parse_args()
    texts = _sentences(arguments.source, arguments.sentences)
    if arguments.child:
        system, threads, about = arguments.child
        _child(system, int(threads), Model.model_validate_json(about), texts)
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.models:
            model = _model(name, Path(folder), arguments.beams)
            count = len(texts) if name == "embedded" else min(arguments.opus_sentences, len(texts))
            rows += _of_model(name, model, texts[:count], arguments)
    worker = _worker_mib()
    print(f"A worker with the embedded model, after an article: {worker} MiB at its most")
    if arguments.json:
        told = {"machine": _machine(), "rows": rows, "worker_mib": worker}
        arguments.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _sentences(source: Path, count: int) -> list[str]:
    """Every third line from the first, the part of the test set that figures are told on."""
    lines = source.read_text(encoding="utf-8").splitlines()[::3]
    return lines[:: max(1, len(lines) // count)][:count]


def _model(name: str, folder: Path, beams: int | None) -> Model:
    embedded = Settings().load_catalogue().get("embedded/en-es", "translate")
    model = embedded if name == "embedded" else opus.make(embedded, folder)
    return model.model_copy(update={"beams": beams or embedded.beams})


def _of_model(
    name: str, model: Model, texts: Sequence[str], arguments: argparse.Namespace
) -> list[dict[str, Any]]:
    words = sum(len(text.split()) for text in texts)
    print(f"{name}: {len(texts)} sentences, {words} words, {model.beams} beams, ", end="")
    print(f"{arguments.rounds} rounds")
    head = f"{'threads':7} {'system':21} {'seconds':>8} {'words/s':>8} {'MiB':>5} {'padding':>8}"
    print(f"{head}  setting")
    rows = []
    for threads in arguments.threads:
        of_threads = _compare(threads, model, len(texts), arguments)
        seconds = {row["system"]: row["seconds"] for row in of_threads}
        for row in of_threads:
            row |= {"model": name, "threads": threads, "words_per_second": words / row["seconds"]}
            print(
                f"{threads:7} {row['system']:21} {row['seconds']:8.2f} "
                f"{row['words_per_second']:8.0f} {row['mib']:5} {row['padding']:8.1%}  "
                f"{row['setting']}"
            )
        ours = seconds.get("dragoman-ctranslate2")
        for other in ("ctranslate2", "loop"):
            if ours and other in seconds:
                print(f"{'':7} {seconds[other] / ours:.2f} times {other}")
        rows += of_threads
    return rows


def _compare(
    threads: int, model: Model, sentences: int, arguments: argparse.Namespace
) -> list[dict[str, Any]]:
    """The median seconds and the peak memory of each system; the systems take turns."""
    contenders = {}
    for system in arguments.systems:
        command = [sys.executable, "-m", "benchmarks.engines"]
        command += ["--source", str(arguments.source), "--sentences", str(arguments.sentences)]
        command += ["--child", system, str(threads), model.model_dump_json()]
        contenders[system] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    # Loaded and warm, one after the other: nobody looks for its best settings in another's company.
    about = {system: _ask(child, sentences) for system, child in contenders.items()}
    times: dict[str, list[float]] = {system: [] for system in contenders}
    for _ in range(arguments.rounds):
        for system, child in contenders.items():
            times[system].append(_ask(child, sentences)["seconds"])
            about[system] = _ask(child, 0)
    for child in contenders.values():
        child.communicate()
    return [
        {"system": system, "seconds": statistics.median(given), "all": given, **about[system]}
        for system, given in times.items()
    ]


def _ask(child: "subprocess.Popen[str]", sentences: int) -> dict[str, Any]:
    """Have the child do so many sentences, or tell about itself where there are none."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{sentences}\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line:
        raise SystemExit("a contender ended by itself: its last words are above")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _child(name: str, threads: int, model: Model, texts: Sequence[str]) -> None:
    # The processors it may use are its threads, for every library, and where the kernel runs it.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    texts = texts[: int(sys.stdin.readline())]
    system = _system(name, threads, model, texts)
    system.run(texts[:8])
    about = {"padding": system.padding, "setting": system.setting}
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        count = int(line)
        if not count:
            print(json.dumps({**about, "mib": peak_mib(os.getpid())}), flush=True)
            continue
        started = time.perf_counter()
        outputs = system.run(texts)
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
        assert len(outputs) == count


def _system(name: str, threads: int, model: Model, texts: Sequence[str]) -> System:
    if name == "loop":
        return _transformers(model, threads, texts, batch=1)
    if name == "batched":
        return _transformers(model, threads, texts, batch=BATCH)
    if name == "ctranslate2":
        return _ctranslate2(model, threads, texts)
    engine = name.removeprefix("dragoman-")
    return _dragoman(model.model_copy(update={"engine": engine}), texts)


def _transformers(model: Model, threads: int, texts: Sequence[str], batch: int) -> System:
    """What the documentation of transformers shows; batches are of like lengths."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer
    from transformers.utils import logging

    torch.set_num_threads(threads)
    logging.disable_progress_bar()
    tokenizer = MarianTokenizer.from_pretrained(model.folder)
    network: Any = MarianMTModel.from_pretrained(model.folder, dtype=torch.float32)
    lengths = [len(ids) for ids in tokenizer(list(texts))["input_ids"]]
    order = sorted(range(len(texts)), key=lambda index: -lengths[index])
    groups = [order[start : start + batch] for start in range(0, len(order), batch)]

    def run(texts: Sequence[str]) -> list[str]:
        outputs = [""] * len(texts)
        for group in groups:
            given = [index for index in group if index < len(texts)]
            if not given:
                continue
            inputs = tokenizer([texts[i] for i in given], return_tensors="pt", padding=True)
            limit = model.max_target_tokens or 2 * inputs["input_ids"].shape[1] + 16
            with torch.inference_mode():
                results = network.generate(
                    **inputs,
                    num_beams=model.beams,
                    min_new_tokens=model.min_target_tokens,
                    max_new_tokens=limit,
                )
            decoded = tokenizer.batch_decode(results, skip_special_tokens=True)
            for index, text in zip(given, decoded, strict=True):
                outputs[index] = text
        return outputs

    return System(run, padding(lengths, groups), f"{batch} a batch")


def _ctranslate2(model: Model, threads: int, texts: Sequence[str]) -> System:
    """CTranslate2 by itself: it sorts, batches and spreads, SentencePiece cuts and joins."""
    import ctranslate2
    import sentencepiece

    assert model.folder is not None
    model = on_this_machine(model)
    folder = converted(model, Settings().models_dir)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model.folder / "source.spm"))

    def system(split: tuple[int, int], budget: int) -> Callable[[Sequence[str]], list[str]]:
        inter, intra = split
        translator = ctranslate2.Translator(
            str(folder),
            compute_type=model.compute_type,
            inter_threads=inter,
            intra_threads=intra,
        )

        def run(texts: Sequence[str]) -> list[str]:
            rows = [[*row, "</s>"] for row in pieces.encode(list(texts), out_type=str)]
            results = translator.translate_batch(
                rows,
                beam_size=model.beams,
                max_batch_size=budget,
                batch_type="tokens",
                max_input_length=0,
                min_decoding_length=model.min_target_tokens,
                max_decoding_length=model.max_target_tokens or 256,
            )
            return [pieces.decode_pieces(result.hypotheses[0]) for result in results]

        return run

    best = (float("inf"), (1, threads), BATCH_TOKENS)
    tried = texts[:: max(1, len(texts) // 100)]
    for split in {(1, threads), (threads, 1)}:
        for budget in (BATCH_TOKENS // 4, BATCH_TOKENS // 2, BATCH_TOKENS, 2 * BATCH_TOKENS):
            run = system(split, budget)
            run(tried[:8])
            started = time.perf_counter()
            run(tried)
            best = min(best, (time.perf_counter() - started, split, budget))
    _, split, budget = best
    lengths = [len(row) + 1 for row in pieces.encode(list(texts))]
    setting = f"{split[0]} × {split[1]} threads, {budget} tokens a batch"
    return System(system(split, budget), padding(lengths, plan(lengths, budget)), setting)


def _dragoman(model: Model, texts: Sequence[str]) -> System:
    """The way that an article's sentences take."""
    from models.languages import Leg
    from models.residency import Residency
    from workers.batching import plan_for, translate

    settings = Settings()
    translator = Residency(settings.models_dir, settings.models_bytes).translator(model)
    leg = Leg(model.id, "en", "es")

    def run(texts: Sequence[str]) -> list[str]:
        outputs = translate(translator, texts, leg, BATCH_TOKENS, _unheard)
        return [output.text for output in outputs]

    lengths = translator.count_tokens(texts)
    batches = plan_for(translator, lengths, BATCH_TOKENS)
    setting = f"{translator.parallel} at once, up to {BATCH_TOKENS} tokens a batch"
    return System(run, padding(lengths, batches), setting)


def _unheard(_: float) -> None:
    """Nobody follows the progress."""


def _worker_mib() -> int:
    """The peak memory of a real worker's process that has translated an article."""
    import httpx

    from service.stack import running

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


def _machine() -> dict[str, Any]:
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
