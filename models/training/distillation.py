"""Pairs that a model writes itself, for it to learn its own best hypotheses.

`python -m models.training.distillation` decodes the source side of the texts with a wide beam and leaves
the pairs in `distilled.en` and `distilled.es`. Of a text with a human translation the hypothesis nearest
to it is taken ("sequence-level interpolation", Kim and Rush 2016); of any other the one that the model
and the language model like best. What loses a number or has an unknown word is left out.
"""

import argparse
import json
import logging
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from models.engines.loading import load_translator, prepare_files
from models.engines.translator import Translator
from models.language_model import LanguageModel, embedded, tokens
from models.training import corpus
from models.training.back_translation import BLOCK, whole_lines
from models.training.direction import DIRECTIONS, Direction
from models.training.evaluate import decoded, entry
from models.training.figures import keeps_numbers
from models.training.variation import Pair

WEIGHT = 0.15
"""Of the language model's score, as where the model is used."""
LEAST_CHRF = 45
"""A hypothesis further from the human translation is no translation of the same."""
_OWN_SCORE = 8
"""What a hypothesis's own score counts beside chrF points."""
LONGEST = 42
"""Words; longer texts are few and slow."""
Hypotheses = Sequence[tuple[float, str]]
"""Scores and texts, best first."""

log = logging.getLogger(__name__)


def write_lists(
    translator: Translator, sources: Sequence[str], pair: tuple[str, str], path: Path
) -> None:
    """Write each source with its hypotheses as a line of JSON; go on where it was stopped."""
    with path.open("a", encoding="utf-8") as file:
        for start in range(whole_lines(path), len(sources), BLOCK):
            block = sources[start : start + BLOCK]
            for source, output in zip(block, decoded(translator, block, pair), strict=True):
                found = [(one.score, one.text) for one in (output, *output.alternatives)]
                file.write(json.dumps([source, found], ensure_ascii=False) + "\n")
            file.flush()
            log.info("%d of %d lines", start + len(block), len(sources))


def read_lists(path: Path) -> Iterator[tuple[str, Hypotheses]]:
    """What `write_lists` has left."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def chosen(
    lists: Iterator[tuple[str, Hypotheses]],
    references: Mapping[str, str],
    language: LanguageModel,
    target: str,
) -> Iterator[Pair]:
    """The sources with the hypothesis that is to be learned; `references` are human translations."""
    for source, hypotheses in lists:
        text = _best(source, hypotheses, references.get(source), language)
        if text and keeps_numbers(source, text, target) and not _unknown(text, source, language):
            yield source, text


def _best(
    source: str, hypotheses: Hypotheses, reference: str | None, language: LanguageModel
) -> str | None:
    worth = {text: score + WEIGHT * language.score(text, source) for score, text in hypotheses}
    if reference is None:
        return max(worth, key=worth.__getitem__)
    chrf = {text: CHRF().sentence_score(text, [reference]).score for text in worth}
    best = max(worth, key=lambda text: chrf[text] + _OWN_SCORE * worth[text])
    return best if chrf[best] >= LEAST_CHRF else None


def _unknown(text: str, source: str, language: LanguageModel) -> bool:
    copied = {word.lower() for word in tokens(source)}
    return any(
        word[0].isalpha() and not language.knows(word) and word.lower() not in copied
        for word in tokens(text)
    )


def _texts(data: Path, direction: Direction) -> tuple[list[str], dict[str, str]]:
    """The sources, human news first, and the human translations of those that have one."""
    pairs = [
        direction.ordered(english, spanish)
        for name in corpus.NEWS_SETS
        for english, spanish in corpus.read_pairs(data / "parallel" / name)
    ]
    mono = corpus.lines(data / "distil" / f"mono.{direction.source}")
    rng = random.Random(1)
    rng.shuffle(mono)
    sources = [source for source, _ in pairs] + mono
    fit = [source for source in dict.fromkeys(sources) if 3 <= len(source.split()) <= LONGEST]
    return fit, dict(pairs)


def main() -> None:
    """Decode as many texts as asked for, and choose."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.distillation", description=__doc__
    )
    parser.add_argument("--direction", choices=DIRECTIONS, default="en-es")
    parser.add_argument(
        "--model", type=Path, required=True, help="the folder of the finished model"
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--beams", type=int, default=6)
    parser.add_argument("--lines", type=int, default=100_000)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    direction = DIRECTIONS[arguments.direction]
    language = embedded(direction.target)
    if language is None:
        raise SystemExit(f"There is no language model of {direction.target}.")
    arguments.work.mkdir(parents=True, exist_ok=True)
    sources, references = _texts(arguments.data, direction)
    lists = arguments.work / "lists.jsonl"
    model = entry(
        arguments.model, direction.source, direction.target, "ctranslate2", arguments.beams
    )
    with tempfile.TemporaryDirectory() as folder:
        translator = load_translator(model, prepare_files(model, Path(folder)))
        pair = (direction.source, direction.target)
        write_lists(translator, sources[: arguments.lines], pair, lists)
        translator.close()
    pairs = [
        direction.ordered(*pair)
        for pair in chosen(read_lists(lists), references, language, direction.target)
    ]
    corpus.write_pairs(arguments.work / "distilled", pairs)
    log.info("%d pairs", len(pairs))


if __name__ == "__main__":
    main()
