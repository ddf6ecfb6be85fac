"""Make an embedded model: `python -m models.training --data … --work … --out …`.

Each stage leaves its file in the work folder and is skipped when that file is there, so that a run
goes on where it was stopped.
"""

import argparse
import itertools
import logging
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from transformers import MarianMTModel

from models.engines.loading import load_translator, prepare_files
from models.training import alignment, back_translation, corpus, export, imitation, loop, vocabulary
from models.training.batches import Batch, Batches, Texts
from models.training.direction import DIRECTIONS, Direction
from models.training.evaluate import entry, translated
from models.training.figures import figures
from models.training.student import Student, config, deepen, warm_start
from models.training.train import (
    BATCH_TOKENS,
    add_length,
    length_of,
    rare_copies,
    train,
)

log = logging.getLogger("models.training")


def main() -> None:
    """Run the stages that are not done yet."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("--direction", choices=DIRECTIONS, default="en-es")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoints and logs")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the finished model")
    parser.add_argument("--imitate", type=float, default=180, help="seconds of imitation")
    parser.add_argument("--start", type=Path, help="go on from the finished model of this folder")
    parser.add_argument(
        "--reverse", type=Path, help="the other direction's finished model, to write sources"
    )
    parser.add_argument(
        "--distilled", type=Path, help="the folder with `distilled.en` and `distilled.es`"
    )
    parser.add_argument(
        "--news", action="store_true", help="weigh the texts as for a last pass: news, no pivot"
    )
    parser.add_argument(
        "--export-only", action="store_true", help="write --out from the checkpoints that are there"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    add_length(parser)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    direction = DIRECTIONS[arguments.direction]
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    if not arguments.export_only:
        _prepare(direction, arguments)
        train(
            work,
            arguments.data,
            direction,
            length_of(arguments),
            lambda trained: _measure(trained, direction, arguments),
        )
    _export(direction, arguments)


def _prepare(direction: Direction, arguments: argparse.Namespace) -> None:
    """All that `train` needs, in the work folder."""
    work: Path = arguments.work
    student = Student.read(direction.student_folder)
    joint = _vocabulary(student, arguments, work)
    if not (work / "names.txt").exists():
        names = [*corpus.names_of(joint), *corpus.spanish_names(arguments.data)]
        written = _back_translated(direction, arguments) if arguments.reverse else None
        weights = corpus.NEWS if arguments.news else corpus.EVEN
        own = corpus.read_pairs(arguments.distilled / "distilled") if arguments.distilled else []
        corpus.gather(arguments.data, direction, names, written, weights, own).write(work)
    texts = Texts(corpus.Corpus.read(work), direction, joint)
    if not (work / "counts.pt").exists():
        counts = torch.zeros(joint.get_piece_size() + 1, dtype=torch.long)
        for chunk in texts.varied(random.Random(arguments.seed)):
            pieces = itertools.chain.from_iterable(target for _, target in chunk)
            counts += torch.bincount(torch.tensor(list(pieces)), minlength=len(counts))
        log.info("%d pairs, %d target pieces", len(texts.corpus.pairs), int(counts.sum()))
        torch.save(counts, work / "counts.pt")
    if not (work / "start.pt").exists():
        batches = iter(Batches(texts, BATCH_TOKENS["cpu"], arguments.seed))
        fixed = rare_copies(joint, torch.load(work / "counts.pt", weights_only=True))
        log.info("%d vectors stay", int(fixed.sum()))
        start = _start(student, joint, direction, arguments, batches, fixed)
        torch.save(start.state_dict(), work / "start.pt")


def _back_translated(direction: Direction, arguments: argparse.Namespace) -> Path:
    """The folder with sources for texts that have none, written now as far as it is not there."""
    folder: Path = arguments.work / "written"
    folder.mkdir(exist_ok=True)
    reverse = entry(arguments.reverse, direction.target, direction.source, "ctranslate2", 1)
    translator = load_translator(reverse, prepare_files(reverse, folder))
    for file, targets in corpus.to_back_translate(arguments.data, direction).items():
        back_translation.write_sources(translator, direction, targets, folder / file)
    translator.close()
    return folder


def _export(direction: Direction, arguments: argparse.Namespace) -> None:
    """Write the last checkpoint's mean."""
    work: Path = arguments.work
    last = max(work.glob("step-*.pt"), key=lambda path: int(path.stem.split("-")[1]))
    state = torch.load(last, weights_only=True)
    pad = len(state["model.decoder.embed_tokens.weight"])
    model = MarianMTModel(config(pad, direction.decoder_layers))
    model.load_state_dict(state)
    export.export(model, direction, work, arguments.out)


def _vocabulary(
    student: Student, arguments: argparse.Namespace, work: Path
) -> SentencePieceProcessor:
    if arguments.start:
        for name in ("source.spm", "target.spm", "vocab.json"):
            (work / name).write_bytes((arguments.start / name).read_bytes())
    if (work / "vocab.json").exists():
        return SentencePieceProcessor(model_file=str(work / "source.spm"))
    chosen = corpus.gather(arguments.data, DIRECTIONS["en-es"]).pairs
    spanish = [
        line
        for name in ("lajornada.es", "press.es")
        for line in corpus.lines(arguments.data / "spanish" / name)
    ]
    random.Random(arguments.seed).shuffle(spanish)
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
    batches: Iterator[Batch],
    fixed: torch.Tensor,
) -> MarianMTModel:
    """The finished model of --start with the rare names restored, or a warm start after imitation."""
    if arguments.start:
        model = MarianMTModel.from_pretrained(arguments.start, dtype=torch.float32)
        log.info("as it was: %s", _measure(model, direction, arguments))
        loop.restore(model, student, joint, fixed, list(itertools.islice(batches, 10)))
    else:
        model = _warm(student, joint, direction, arguments)
        log.info("warm start: %s", _measure(model, direction, arguments))
        left = imitation.imitate(model, student, batches, arguments.imitate)
        log.info("imitation: %.1f %% of the variance left", 100 * left)
    if len(model.model.decoder.layers) < direction.decoder_layers:
        hidden = loop.hidden_states(model, list(itertools.islice(batches, 10)))
        model = deepen(model, direction.decoder_layers, hidden)
    log.info("start: %s", _measure(model, direction, arguments))
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
    sources, references = zip(*corpus.held_out(arguments.data, direction), strict=True)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "model"
        export.export(model, direction, arguments.work, exported)
        settled = entry(exported, direction.source, direction.target, "ctranslate2", 1)
        translator = load_translator(settled, prepare_files(settled, Path(folder)))
        outputs = translated(translator, sources, (direction.source, direction.target))
        translator.close()
    return figures(sources, references, outputs, direction.target)


if __name__ == "__main__":
    main()
