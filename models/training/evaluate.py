"""Measure a translation model on two line-aligned files: `python -m models.training.evaluate`.

Prints BLEU and chrF (sacreBLEU's defaults, with signatures), the lines whose numbers are all kept,
the names kept, sentences a second, and the ten worst sentences.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from models.catalogue import Model
from models.engine import Translator
from models.load import files_of, load_translator

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_NAME = re.compile(r"(?<=[a-zà-ÿ,;] )[A-ZÀ-Þ][\w'’-]+")
_WORDS = {
    "es": "cero un|uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte",
    "en": "zero one|a two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
}
_BATCH = 64


def numbers(text: str) -> set[str]:
    """The numbers of a text, by their digits alone: 1,800 and 1.800 are the same."""
    return {re.sub(r"\D", "", number) for number in _NUMBER.findall(text)}


def keeps_numbers(source: str, output: str, target: str) -> bool:
    """Whether every number of the source is in the output, in digits or, to twenty, in words."""
    told = numbers(output)
    words = set(re.findall(r"\w+", output.lower()))
    for number in numbers(source) - told:
        names = _WORDS[target].split()
        value = int(number)
        if value >= len(names) or words.isdisjoint(names[value].split("|")):
            return False
    return True


def names(source: str, reference: str) -> set[str]:
    """Capitalised words inside the source's sentences that the reference keeps as they are."""
    return {name for name in _NAME.findall(source) if name in reference}


def figures(
    sources: Sequence[str], references: Sequence[str], outputs: Sequence[str], target: str
) -> dict[str, float]:
    """BLEU, chrF, and the shares (0 to 100) of lines with all numbers and of names kept."""
    numbered = [
        keeps_numbers(source, output, target)
        for source, output in zip(sources, outputs, strict=True)
        if numbers(source)
    ]
    kept = [
        name in output
        for source, reference, output in zip(sources, references, outputs, strict=True)
        for name in names(source, reference)
    ]
    return {
        "bleu": round(BLEU().corpus_score(outputs, [references]).score, 2),
        "chrf": round(CHRF().corpus_score(outputs, [references]).score, 2),
        "numbers": round(100 * _mean(numbered), 1),
        "names": round(100 * _mean(kept), 1),
    }


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0


def entry(folder: Path, source: str, target: str, engine: str, beams: int) -> Model:
    """The catalogue's entry of a Marian in a folder."""
    return Model.model_validate(
        {
            "id": folder.name,
            "task": "translate",
            "family": "marian",
            "engine": engine,
            "source": [source],
            "target": [target],
            "folder": folder.resolve(),
            "licence": "MPL-2.0",
            "commercial": True,
            "beams": beams,
        }
    )


def translated(translator: Translator, sources: Sequence[str], pair: tuple[str, str]) -> list[str]:
    """The translations, made in batches of like lengths."""
    order = sorted(range(len(sources)), key=lambda index: -len(sources[index]))
    outputs = [""] * len(sources)
    for start in range(0, len(order), _BATCH):
        group = order[start : start + _BATCH]
        given = translator.translate([sources[i] for i in group], source=pair[0], target=pair[1])
        for index, output in zip(group, given, strict=True):
            outputs[index] = output.text
    return outputs


def main() -> None:
    """Translate the source file and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m models.training.evaluate", description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("models/embedded/en-es"))
    parser.add_argument("--pair", default="en-es", help="the languages, source-target")
    parser.add_argument("--engine", choices=("ctranslate2", "transformers"), default="ctranslate2")
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="take each n-th line from the first")
    parser.add_argument("--output", type=Path, help="write the translations there")
    arguments = parser.parse_args()
    source, target = arguments.pair.split("-")
    sources = arguments.source.read_text(encoding="utf-8").splitlines()[:: arguments.every]
    references = arguments.reference.read_text(encoding="utf-8").splitlines()[:: arguments.every]
    with tempfile.TemporaryDirectory() as converted:
        model = entry(arguments.model, source, target, arguments.engine, arguments.beam)
        translator = load_translator(model, files_of(model, Path(converted)))
        start = time.monotonic()
        outputs = translated(translator, sources, (source, target))
        seconds = time.monotonic() - start
    if arguments.output:
        arguments.output.write_text("\n".join(outputs) + "\n", encoding="utf-8")
    for name, value in figures(sources, references, outputs, target).items():
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
    for line in worst[:10]:
        print("\n  {}\n  {}\n> {}".format(*line))


if __name__ == "__main__":
    main()
