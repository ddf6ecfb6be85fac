"""Facts kept, repaired, flagged and lost: `python -m benchmarks.facts`.

Translates a news test set and the seed article with the catalogue's model and says what the checks find in
the translations before any repair and after each, what that costs in time, how often the checks are wrong
about human translations, and what they miss. `--sample N --seed S` prints N sentences to be read.

What is missed is counted by a rule that knows nothing of the checks: a word with a capital or a digit that
the human translator has copied from the source, letter by letter, is to be in the translation too. Where it
is not, and no flag says so, the error is silent.
"""

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from models.engines.translator import PLAIN, Decoding, Output
from models.routes import route
from pipeline.checked import Checked, examine
from pipeline.checks import CheckFlag, check
from pipeline.checks.reading import read
from pipeline.checks.spelling import fold
from pipeline.documents.plain_text import parse_text
from pipeline.figures.digits import in_notation
from pipeline.pipeline import Pipeline
from pipeline.repair.repairer import Repairer
from pipeline.segments import split
from service.settings import Settings
from workers.resident import pipeline_of

SHARED = Path(__file__).parents[2] / "shared" / "data"
SOURCE, TARGET = "en", "es"
STEPS = (
    "nbest",
    "placeholder",
    "senses",
    "beam",
    "constrained",
    "spelling",
    "dictionary",
    "substitution",
    "quotes",
)
_COPIED = re.compile(r"\w*(?:\d|(?<=[\w,] )[A-ZÁÉÍÓÚÑ])\w*")
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+")
T = TypeVar("T")


def main() -> None:
    """Print the tables, and write them as JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facts", description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder of texts")
    parser.add_argument("--sentences", type=int, help="so many of the set, evenly; else all")
    parser.add_argument("--sample", type=int, default=0, help="print so many sentences to read")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    news = arguments.data / "dev" / "newstest2011.en"
    sources = _lines(news, arguments.sentences)
    references = _lines(news.with_suffix(".es"), arguments.sentences)
    article = (arguments.data / "articles" / "venezuela.txt").read_text(encoding="utf-8")
    seed = [segment.text for segment in split(parse_text(article), SOURCE)]
    pipeline = pipeline_of(Settings(), Settings().load_catalogue())
    finals, report = _measure(pipeline, sources)
    report["human"] = _against_humans(sources, references, finals)
    _print(f"newstest2011, {len(sources)} sentences", report)
    _, of_seed = _measure(pipeline, seed)
    _print(f"the seed article, {len(seed)} sentences", of_seed)
    if arguments.json:
        both = {"newstest2011": report, "seed": of_seed}
        arguments.json.write_text(json.dumps(both, indent=2) + "\n", encoding="utf-8")
    chosen = random.Random(arguments.seed).sample(
        range(len(sources)), min(arguments.sample, len(sources))
    )
    for number, place in enumerate(sorted(chosen), 1):
        _show(number, sources[place], references[place], finals[place])


def _lines(path: Path, most: int | None) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    step = max(1, len(lines) // most) if most else 1
    return lines[::step][:most]


def _measure(pipeline: Pipeline, sources: Sequence[str]) -> tuple[list[Checked], dict[str, Any]]:
    """The sentences through the gate, and what came of it."""
    path = route(pipeline.decoder.catalogue, SOURCE, TARGET)
    seconds: defaultdict[str, float] = defaultdict(float)

    def decode(texts: Sequence[str], decoding: Decoding) -> list[Output]:
        step = "placeholder"
        if decoding.hypotheses > 1:
            step = "beam"
        elif decoding.no_repeat_ngram:
            step = "constrained"
        outputs, took = _timed(
            lambda: pipeline.decoder.decode(path, texts, decoding, lambda _: None)
        )
        seconds[step] += took
        return outputs

    warm = pipeline.decoder.decode(
        path, sources[:20], PLAIN, lambda _: None
    )  # the model and the tables
    for source, output in zip(sources, warm, strict=False):
        examine(source, output, SOURCE, TARGET)
    outputs, translating = _timed(
        lambda: pipeline.decoder.decode(path, sources, PLAIN, lambda _: None)
    )
    drafts, checking = _timed(
        lambda: [
            examine(source, output, SOURCE, TARGET)
            for source, output in zip(sources, outputs, strict=True)
        ]
    )
    finals, repairing = _timed(lambda: Repairer(SOURCE, TARGET, decode).repair(sources, outputs))
    flags = {"no repair": [draft.flags for draft in drafts]}
    for place, step in enumerate(STEPS):
        flags[step] = [
            examine(source, Output(_after(final, STEPS[: place + 1])), SOURCE, TARGET).flags
            for source, final in zip(sources, finals, strict=True)
        ]
    facts = {
        "numbers": sum(fact.firm for source in sources for fact in read(source, SOURCE).numbers),
        "names": sum(len(read(source, SOURCE).names) for source in sources),
    }
    return finals, {
        "facts": facts,
        "stages": {step: _stage(of_all, facts) for step, of_all in flags.items()},
        "repaired": dict(Counter(repair.step for final in finals for repair in final.repairs)),
        "seconds": {
            "translation": translating,
            "checks": checking,
            **seconds,
            "checks while repairing": repairing - sum(seconds.values()),
        },
    }


def _after(final: Checked, steps: Sequence[str]) -> str:
    """The sentence as it was after these steps."""
    later = [repair for repair in final.repairs if repair.step not in steps]
    return later[0].before if later else final.text


def _stage(flags: Sequence[Sequence[CheckFlag]], facts: dict[str, int]) -> dict[str, Any]:
    codes = Counter(flag.code.value for of_one in flags for flag in of_one)
    lost_numbers = codes["number-missing"] + codes["number-changed"] + codes["date-changed"]
    return {
        "numbers kept": facts["numbers"] - lost_numbers,
        "names kept": facts["names"] - codes["name-missing"] - codes["name-changed"],
        "flagged sentences": sum(bool(of_one) for of_one in flags),
        "flags": dict(sorted(codes.items())),
    }


def _against_humans(
    sources: Sequence[str], references: Sequence[str], finals: Sequence[Checked]
) -> dict[str, Any]:
    """False alarms on the human translations; what the human copied and the machine lost."""
    alarms = [
        check(source, reference, SOURCE, TARGET)
        for source, reference in zip(sources, references, strict=True)
    ]
    silent: list[str] = []
    lost = {"numbers": Counter[str](), "names": Counter[str]()}
    for source, reference, final in zip(sources, references, finals, strict=True):
        told = " ".join(flag.message for flag in final.flags)
        # A figure that was copied is the same figure in the target's notation.
        there = in_notation(source, source, SOURCE, TARGET)
        words, figures = set(map(fold, _WORD.findall(final.text))), set(_FIGURE.findall(final.text))
        for word in set(_COPIED.findall(there)) & set(_WORD.findall(reference)):
            is_number = any(map(str.isdigit, word))
            counts = lost["numbers" if is_number else "names"]
            counts["copied by the human"] += 1
            # "34cm" has the 34 of "34 cm", "Múnich" is Munich.
            if fold(word) not in words and not (is_number and word in figures):
                counts["lost"] += 1
                counts["lost and flagged" if word in told else "lost, another flag"] += bool(
                    final.flags
                )
                if not final.flags:
                    counts["silent"] += 1
                    silent.append(f"{word}: {final.text}")
    return {
        "sentences flagged": sum(map(bool, alarms)) / len(sources),
        "flags": dict(Counter(flag.code.value for of_one in alarms for flag in of_one)),
        "lost": {kind: dict(counts) for kind, counts in lost.items()},
        "silent": silent,
    }


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = run()
    return result, time.perf_counter() - started


def _print(title: str, report: dict[str, Any]) -> None:
    print(f"\n{title}: {report['facts']['numbers']} numbers, {report['facts']['names']} names")
    print(f"{'after':14} {'numbers kept':>12} {'names kept':>10} {'flagged':>8}  flags")
    for step, stage in report["stages"].items():
        print(
            f"{step:14} {stage['numbers kept']:12} {stage['names kept']:10} "
            f"{stage['flagged sentences']:8}  {_counts(stage['flags'].items())}"
        )
    print(f"sentences repaired: {_counts(report['repaired'].items())}")
    translation = report["seconds"]["translation"]
    for step, seconds in report["seconds"].items():
        print(f"{step:24} {seconds:8.2f} s  {seconds / translation:6.1%} of translation")
    if human := report.get("human"):
        print(f"human references flagged: {human['sentences flagged']:.1%} of sentences")
        print(f"  {_counts(human['flags'].items())}")
        for kind, counts in human["lost"].items():
            print(f"{kind}: {_counts(counts.items())}")


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in pairs)


def _show(number: int, source: str, reference: str, final: Checked) -> None:
    print(f"\n{number}. {source}\n   human:   {reference}\n   machine: {final.text}")
    for repair in final.repairs:
        print(f"   {repair.step} fixed {', '.join(repair.fixed)}; before: {repair.before}")
    for flag in final.flags:
        print(f"   {flag.severity.value} {flag.code.value}: {flag.message}")


if __name__ == "__main__":
    main()
