"""How fast the engines are: `python -m benchmarks.engines`.

The embedded model on the same sentences, five ways: a plain loop over transformers' `generate`, one
sentence a call; the same in batches; Dragoman's transformers engine; CTranslate2's `translate_batch` by
itself; Dragoman's CTranslate2 engine. Each way is a process of its own, so that its memory is its own; they
take turns, and the medians of several rounds are printed. Run it on an idle machine.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "shared" / "data" / "parallel" / "newstest2010.en"
BATCH_TOKENS = 2048
SYSTEMS = ("loop", "batched", "dragoman-transformers", "ctranslate2", "dragoman-ctranslate2")

Run = Callable[[Sequence[str]], list[str]]


def main() -> None:
    """Print a table, and write it as JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--source", type=Path, default=DATA, help="a sentence a line")
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--beams", type=int, default=None, help="else the catalogue's")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", choices=SYSTEMS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    lines = arguments.source.read_text(encoding="utf-8").splitlines()
    texts = lines[:: max(1, len(lines) // arguments.sentences)][: arguments.sentences]
    if arguments.child:
        _child(arguments.child, arguments.threads[0], arguments.beams, texts)
        return
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} sentences, {words} words, {arguments.rounds} rounds")
    print(f"{'threads':7} {'system':22} {'seconds':>8} {'words/s':>8} {'sent/s':>7} {'MiB':>5}")
    rows = []
    for threads in arguments.threads:
        for row in _compare(threads, arguments):
            row |= {
                "words_per_second": words / row["seconds"],
                "sentences_per_second": len(texts) / row["seconds"],
            }
            rows.append(row)
            print(
                f"{threads:7} {row['system']:22} {row['seconds']:8.2f} "
                f"{row['words_per_second']:8.0f} {row['sentences_per_second']:7.1f} {row['mib']:5}"
            )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def _compare(threads: int, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """The median seconds and the peak memory of each system, which take turns."""
    children = {}
    for system in SYSTEMS:
        command = [sys.executable, "-m", "benchmarks.engines", "--child", system]
        command += ["--threads", str(threads), "--sentences", str(arguments.sentences)]
        command += ["--source", str(arguments.source)]
        command += ["--beams", str(arguments.beams)] if arguments.beams else []
        children[system] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    reports: dict[str, list[dict[str, Any]]] = {system: [] for system in SYSTEMS}
    for system, child in children.items():
        _answer(system, child)  # loaded and warm
    for _ in range(arguments.rounds):
        for system, child in children.items():
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
            reports[system].append(_answer(system, child))
    for child in children.values():
        child.communicate()
    return [
        {
            "threads": threads,
            "system": system,
            "seconds": statistics.median(report["seconds"] for report in given),
            "mib": given[-1]["mib"],
        }
        for system, given in reports.items()
    ]


def _answer(system: str, child: "subprocess.Popen[str]") -> dict[str, Any]:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise SystemExit(f"{system} ended by itself")
    report: dict[str, Any] = json.loads(line)
    return report


def _child(system: str, threads: int, beams: int | None, texts: Sequence[str]) -> None:
    run = _system(system, threads, beams)
    run(texts[:8])
    _report(0.0)
    for _ in sys.stdin:
        started = time.perf_counter()
        outputs = run(texts)
        _report(time.perf_counter() - started)
        assert len(outputs) == len(texts)


def _report(seconds: float) -> None:
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "mib": mib}), flush=True)


def _system(name: str, threads: int, beams: int | None) -> Run:
    from service.settings import Settings

    model = Settings().load_catalogue().get("embedded/en-es", "translate")
    beams = beams or model.beams
    assert model.folder is not None
    if name == "loop":
        return _transformers(model.folder, threads, beams, batch=1)
    if name == "batched":
        return _transformers(model.folder, threads, beams, batch=64)
    if name == "ctranslate2":
        return _ctranslate2(model, threads, beams)
    engine = name.removeprefix("dragoman-")
    return _dragoman(model.model_copy(update={"engine": engine, "beams": beams}), threads)


def _transformers(folder: Path, threads: int, beams: int, batch: int) -> Run:
    """What the documentation of transformers shows; batches are of like lengths."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(threads)
    tokenizer = MarianTokenizer.from_pretrained(folder)
    model: Any = MarianMTModel.from_pretrained(folder, dtype=torch.float32)

    def run(texts: Sequence[str]) -> list[str]:
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        outputs = [""] * len(texts)
        for start in range(0, len(order), batch):
            group = order[start : start + batch]
            inputs = tokenizer([texts[i] for i in group], return_tensors="pt", padding=True)
            limit = 2 * inputs["input_ids"].shape[1] + 16
            with torch.inference_mode():
                given = model.generate(**inputs, num_beams=beams, max_new_tokens=limit)
            decoded = tokenizer.batch_decode(given, skip_special_tokens=True)
            for index, text in zip(group, decoded, strict=True):
                outputs[index] = text
        return outputs

    return run


def _ctranslate2(model: Any, threads: int, beams: int) -> Run:
    """CTranslate2 by itself: it sorts and batches, SentencePiece cuts and joins."""
    import ctranslate2
    import sentencepiece

    from models.convert import converted
    from service.settings import Settings

    folder = converted(model, Settings().models_dir)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model.folder / "source.spm"))
    translator = ctranslate2.Translator(
        str(folder), compute_type=model.compute_type, intra_threads=threads
    )

    def run(texts: Sequence[str]) -> list[str]:
        rows = [[*row, "</s>"] for row in pieces.encode(list(texts), out_type=str)]
        results = translator.translate_batch(
            rows,
            beam_size=beams,
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            max_input_length=0,
            max_decoding_length=256,
        )
        decoded: list[str] = pieces.decode([result.hypotheses[0] for result in results])
        return decoded

    return run


def _dragoman(model: Any, threads: int) -> Run:
    from models import load
    from service.settings import Settings
    from workers.batching import plan

    load.available_cpus = lambda: threads
    translator = load.load_translator(model, Settings().models_dir)

    def run(texts: Sequence[str]) -> list[str]:
        outputs = [""] * len(texts)
        for batch in plan(translator.count_tokens(texts), BATCH_TOKENS):
            group = [texts[index] for index in batch]
            for index, output in zip(
                batch, translator.translate(group, source="en", target="es"), strict=True
            ):
                outputs[index] = output.text
        return outputs

    return run


if __name__ == "__main__":
    main()
