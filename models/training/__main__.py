"""Make an embedded model: `python -m models.training --data … --work … --out …`.

Each stage leaves its file in the work folder and is skipped when that file is there, so that a run
goes on where it was stopped.
"""

import argparse
import itertools
import logging
import random
import tempfile
from collections import Counter
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from transformers import MarianMTModel

from models.load import files_of, load_translator
from models.training import alignment, back_translation, corpus, export, imitation, loop, vocabulary
from models.training.batches import Encoded, encode, stream
from models.training.direction import DIRECTIONS, Direction
from models.training.evaluate import entry, figures, translated
from models.training.student import Student, config, warm_start

log = logging.getLogger("models.training")

SEED = 20260
AVERAGED = 3
RARE = 100
"""A name's or number's piece that comes fewer times among the labels keeps its vector."""


def main() -> None:
    """Run the stages that are not done yet."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("--direction", choices=DIRECTIONS, default="en-es")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoints and logs")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the finished model")
    parser.add_argument("--tokens", type=float, default=20e6, help="target pieces to train on")
    parser.add_argument("--rate", type=float, default=5e-4, help="the decoder's peak rate")
    parser.add_argument("--imitate", type=float, default=180, help="seconds of imitation")
    parser.add_argument("--start", type=Path, help="go on from the finished model of this folder")
    parser.add_argument(
        "--reverse", type=Path, help="es-en's finished model, to write the English of `spanish/`"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--export-only", action="store_true", help="write --out from the checkpoints"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    direction = DIRECTIONS[arguments.direction]
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    student = Student.read(direction.student_folder)
    joint = _vocabulary(student, arguments, work)
    if not arguments.export_only:
        _train(student, joint, direction, arguments)
    _export(direction, joint, arguments)


def _train(
    student: Student,
    joint: SentencePieceProcessor,
    direction: Direction,
    arguments: argparse.Namespace,
) -> None:
    pad = joint.get_piece_size()
    encoded = _corpus(joint, direction, arguments)
    log.info("%d pairs, %d target pieces", len(encoded), sum(len(t) for _, t in encoded))
    counted = Counter(itertools.chain.from_iterable(target for _, target in encoded))
    counts = torch.tensor([counted[index] for index in range(pad + 1)])
    copied = [alignment.is_copied(joint.id_to_piece(index)) for index in range(pad)]
    fixed = torch.tensor([*copied, True]) & (counts < RARE)
    log.info("%d vectors stay", int(fixed.sum()))
    model = _start(student, joint, direction, arguments, encoded, fixed)
    loop.train(
        loop.Training(
            model,
            direction,
            lambda step: stream(encoded, pad, arguments.seed + step),
            counts,
            fixed,
            arguments.work,
            int(arguments.tokens),
            arguments.rate,
            lambda trained: _measure(trained, direction, arguments),
        )
    )


def _corpus(
    joint: SentencePieceProcessor, direction: Direction, arguments: argparse.Namespace
) -> Encoded:
    """The pairs of one pass as ids, kept as `pairs-SEED.pt`."""
    path: Path = arguments.work / f"pairs-{arguments.seed}.pt"
    if path.exists():
        kept: Encoded = torch.load(path, weights_only=True)
        return kept
    names = [*corpus.names_of(joint), *corpus.spanish_names(arguments.data)]
    written = _back_translated(direction, arguments) if arguments.reverse else None
    chosen = corpus.pairs(arguments.data, direction, arguments.seed, names, written)
    encoded = encode(joint, chosen)
    torch.save(encoded, path)
    return encoded


def _back_translated(direction: Direction, arguments: argparse.Namespace) -> Path:
    """The folder with the English of the Spanish texts, written now as far as it is not there."""
    folder: Path = arguments.work / "written"
    folder.mkdir(exist_ok=True)
    reverse = entry(arguments.reverse, direction.target, direction.source, "ctranslate2", 1)
    translator = load_translator(reverse, files_of(reverse, folder))
    for name in corpus.BACK_TRANSLATED:
        targets = corpus.to_back_translate(arguments.data, name)
        back_translation.write_sources(translator, direction, targets, folder / f"{name}.en")
    translator.close()
    return folder


def _export(
    direction: Direction, joint: SentencePieceProcessor, arguments: argparse.Namespace
) -> None:
    """Write the last checkpoint or the mean of the last, whichever is better."""
    work: Path = arguments.work
    model = MarianMTModel(config(joint.get_piece_size() + 1))
    steps = sorted(work.glob("step-*.pt"), key=lambda path: int(path.stem.split("-")[1]))
    states = [torch.load(path, weights_only=True) for path in steps[-AVERAGED:]]
    measured = []
    for name, state in (("last", states[-1]), ("average", loop.average(states))):
        model.load_state_dict(state)
        of_state = _measure(model, direction, arguments)
        log.info("%s: %s", name, of_state)
        measured.append((of_state["chrf"], state))
    _, best = max(measured, key=lambda pair: pair[0])
    model.load_state_dict(best)
    export.export(model, direction, work, arguments.out)


def _vocabulary(
    student: Student, arguments: argparse.Namespace, work: Path
) -> SentencePieceProcessor:
    if arguments.start:
        for name in ("source.spm", "target.spm", "vocab.json"):
            (work / name).write_bytes((arguments.start / name).read_bytes())
    if (work / "vocab.json").exists():
        return SentencePieceProcessor(model_file=str(work / "source.spm"))
    chosen = corpus.pairs(arguments.data, DIRECTIONS["en-es"], SEED)
    spanish = [
        line
        for name in ("lajornada.es", "press.es")
        for line in corpus.lines(arguments.data / "spanish" / name)
    ]
    random.Random(SEED).shuffle(spanish)
    english = [source for source, _ in chosen]
    ours = [target for _, target in chosen] + spanish[:60_000]
    joint = vocabulary.build(student.vocabulary_file, english, ours, work)
    log.info("%d pieces", joint.get_piece_size())
    return joint


def _start(
    student: Student,
    joint: SentencePieceProcessor,
    direction: Direction,
    arguments: argparse.Namespace,
    encoded: Encoded,
    fixed: torch.Tensor,
) -> MarianMTModel:
    """The warm-started model after imitation, kept as `start.pt`."""
    pad = joint.get_piece_size()
    path = arguments.work / "start.pt"
    if path.exists():
        model = MarianMTModel(config(pad + 1))
        model.load_state_dict(torch.load(path, weights_only=True))
        return model
    if arguments.start:
        model = MarianMTModel.from_pretrained(arguments.start, dtype=torch.float32)
        log.info("as it was: %s", _measure(model, direction, arguments))
        batches = stream(encoded, pad, arguments.seed)
        loop.restore(model, student, joint, fixed, [next(batches) for _ in range(10)])
        log.info("names restored: %s", _measure(model, direction, arguments))
    else:
        model = _warm(student, joint, direction, arguments)
        batches = stream(encoded, pad, arguments.seed)
        log.info("warm start: %s", _measure(model, direction, arguments))
        left = imitation.imitate(model, student, batches, arguments.imitate)
        log.info(
            "imitation: %.1f %% of the variance left; %s",
            100 * left,
            _measure(model, direction, arguments),
        )
    torch.save(model.state_dict(), path)
    return model


def _warm(
    student: Student,
    joint: SentencePieceProcessor,
    direction: Direction,
    arguments: argparse.Namespace,
) -> MarianMTModel:
    stem = arguments.data / "distil" / "mono"
    spanish = joint.encode(corpus.lines(stem.with_name("mono.es"))[:80_000], num_threads=2)
    portuguese = student.vocabulary.encode(
        corpus.lines(stem.with_name("mono.pt"))[:80_000], num_threads=2
    )
    aligned = alignment.links(spanish, portuguese)
    log.info("%d pieces aligned", len(aligned))
    stays, stays_bias, turns, turns_bias = (
        torch.from_numpy(part)
        for part in alignment.vectors(
            joint,
            student.vocabulary,
            student.tensors["Wemb"].numpy(),
            student.tensors["decoder_ff_logit_out_b"].flatten().numpy(),
            aligned,
        )
    )
    if direction.target == "es":
        return warm_start(student, stays, turns, turns_bias)
    return warm_start(student, turns, stays, stays_bias)


def _measure(
    model: MarianMTModel, direction: Direction, arguments: argparse.Namespace
) -> dict[str, float]:
    """Greedy figures on every fifth line of newstest2010, the set to choose on, as int8."""
    stem = arguments.data / "parallel" / "newstest2010"
    sources = corpus.lines(stem.with_name(f"newstest2010.{direction.source}"))[::5]
    references = corpus.lines(stem.with_name(f"newstest2010.{direction.target}"))[::5]
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "model"
        export.export(model, direction, arguments.work, exported)
        settled = entry(exported, direction.source, direction.target, "ctranslate2", 1)
        translator = load_translator(settled, files_of(settled, Path(folder)))
        outputs = translated(translator, sources, (direction.source, direction.target))
        translator.close()
    return figures(sources, references, outputs, direction.target)


if __name__ == "__main__":
    main()
