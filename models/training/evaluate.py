"""Measure a translation model on two line-aligned files: `python -m models.training.evaluate`.

Prints BLEU and chrF (sacreBLEU's defaults, with signatures), the lines whose numbers are all kept,
the names kept, sentences a second, and the ten worst sentences.
"""

import argparse
import re
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from transformers import MarianMTModel, MarianTokenizer

from models.training.export import translator

_NUMBER = re.compile(r"\d+(?:[.,  ]\d+)*")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+")


def numbers(text: str) -> set[str]:
    """The numbers of a text, by their digits alone: 1,800 and 1.800 are the same."""
    return {re.sub(r"\D", "", number) for number in _NUMBER.findall(text)}


def names(source: str, reference: str) -> set[str]:
    """Capitalised words inside the source's sentences that the reference keeps as they are."""
    return {name for name in _NAME.findall(source) if name in reference}


def figures(
    sources: Sequence[str], references: Sequence[str], outputs: Sequence[str]
) -> dict[str, float]:
    """BLEU, chrF, and the shares (0 to 100) of lines with all numbers and of names kept."""
    wanted = [(numbers(s), numbers(o)) for s, o in zip(sources, outputs, strict=True) if numbers(s)]
    kept = [
        name in output
        for source, reference, output in zip(sources, references, outputs, strict=True)
        for name in names(source, reference)
    ]
    return {
        "bleu": round(BLEU().corpus_score(outputs, [references]).score, 2),
        "chrf": round(CHRF().corpus_score(outputs, [references]).score, 2),
        "numbers": round(100 * _mean([s <= o for s, o in wanted]), 1),
        "names": round(100 * _mean(kept), 1),
    }


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0


def main() -> None:
    """Translate the source file and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m models.training.evaluate", description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/embedded/en-es"))
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    sources = arguments.source.read_text(encoding="utf-8").splitlines()
    references = arguments.reference.read_text(encoding="utf-8").splitlines()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    translate = translator(
        MarianTokenizer.from_pretrained(arguments.model),
        MarianMTModel.from_pretrained(arguments.model, dtype=torch.float32),
        arguments.beam,
    )
    start = time.monotonic()
    outputs = translate(sources)
    seconds = time.monotonic() - start
    for name, value in figures(sources, references, outputs).items():
        print(f"{name:8} {value:6.2f}")
    for metric in (BLEU(), CHRF()):
        metric.corpus_score(outputs, [references])
        print(metric.get_signature())
    print(f"{len(sources) / seconds:.1f} sentences a second")
    chrf = CHRF()
    worst = sorted(
        zip(sources, references, outputs, strict=True),
        key=lambda line: chrf.sentence_score(line[2], [line[1]]).score,
    )
    for source, reference, output in worst[:10]:
        print(f"\n  {source}\n  {reference}\n> {output}")


if __name__ == "__main__":
    main()
