"""What wider beams and a language model are worth: `python -m benchmarks.effort --data DATA`.

For each number of beams: seconds of decoding, BLEU, chrF and unknown words a thousand (in neither the
language model nor the source), by the model alone and reranked with each weight. `--pair es-en` for the other
direction.
"""

import argparse
import tempfile
import time
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from models.engines.loading import load_translator, prepare_files
from models.engines.reranking import reranked
from models.engines.translator import Output
from models.language_model import EMBEDDED, LanguageModel, embedded
from models.training.evaluate import decoded, entry
from models.training.figures import unknown

BEAMS = (2, 4, 6, 8)
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)


def main() -> None:
    """Decode newstest2010 and print a line for each number of beams and weight."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.effort", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pair", default="en-es")
    parser.add_argument("--model", type=Path, help="another folder than the embedded model's")
    arguments = parser.parse_args()
    source, target = arguments.pair.split("-")
    sources, references = (
        (arguments.data / "parallel" / f"newstest2010.{of}").read_text("utf-8").splitlines()
        for of in (source, target)
    )
    language = embedded(target)
    if language is None:
        raise SystemExit(f"There is no language model of {target}.")
    for beams in BEAMS:
        folder = arguments.model or EMBEDDED / arguments.pair
        model = entry(folder, source, target, "ctranslate2", beams)
        with tempfile.TemporaryDirectory() as converted:
            translator = load_translator(model, prepare_files(model, Path(converted)))
            began = time.monotonic()
            outputs = decoded(translator, sources, (source, target))
            seconds = time.monotonic() - began
            translator.close()
        for weight in WEIGHTS:
            chosen = [
                _chosen(text, output, language, weight)
                for text, output in zip(sources, outputs, strict=True)
            ]
            bleu = BLEU().corpus_score(chosen, [references]).score
            chrf = CHRF().corpus_score(chosen, [references]).score
            strange = unknown(language, sources, chosen)
            print(f"{beams:2} {seconds:5.0f} s {weight:4} {bleu:.2f} / {chrf:.2f} {strange:.1f}")


def _chosen(text: str, output: Output, language: LanguageModel, weight: float) -> str:
    return reranked(text, output, language, weight).text


if __name__ == "__main__":
    main()
