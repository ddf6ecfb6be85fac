"""Measure a translation model on two line-aligned files: `python -m models.training.evaluate`.

Prints BLEU and chrF (sacreBLEU's defaults, with signatures), the lines whose numbers are all kept,
the names kept, unknown words in a thousand, the language model's score of a word, the length as a share
of the references', sentences a second, and the ten worst sentences.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from models.catalogue import Model
from models.engines.loading import load_translator, prepare_files
from models.engines.translator import Output, Translator
from models.training.figures import figures, fluency

_BATCH = 64


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
    return [output.text for output in decoded(translator, sources, pair)]


def decoded(translator: Translator, sources: Sequence[str], pair: tuple[str, str]) -> list[Output]:
    """The same with scores and alternatives."""
    order = sorted(range(len(sources)), key=lambda index: -len(sources[index]))
    outputs = [Output("")] * len(sources)
    for start in range(0, len(order), _BATCH):
        group = order[start : start + _BATCH]
        given = translator.translate([sources[i] for i in group], source=pair[0], target=pair[1])
        for index, output in zip(group, given, strict=True):
            outputs[index] = output
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
    parser.add_argument("--rerank", type=float, default=0.0, help="the language model's weight")
    parser.add_argument("--every", type=int, default=1, help="take each n-th line from the first")
    parser.add_argument("--output", type=Path, help="write the translations there")
    arguments = parser.parse_args()
    source, target = arguments.pair.split("-")
    sources = arguments.source.read_text(encoding="utf-8").splitlines()[:: arguments.every]
    references = arguments.reference.read_text(encoding="utf-8").splitlines()[:: arguments.every]
    with tempfile.TemporaryDirectory() as converted:
        model = entry(arguments.model, source, target, arguments.engine, arguments.beam)
        model = model.model_copy(update={"rerank": arguments.rerank})
        translator = load_translator(model, prepare_files(model, Path(converted)))
        start = time.monotonic()
        outputs = translated(translator, sources, (source, target))
        seconds = time.monotonic() - start
    if arguments.output:
        arguments.output.write_text("\n".join(outputs) + "\n", encoding="utf-8")
    told = figures(sources, references, outputs, target)
    for name, value in (told | fluency(sources, references, outputs, target)).items():
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
