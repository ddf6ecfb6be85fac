"""Make an embedded model: `python -m models.training --student … --data … --work … --out …`.

Each stage leaves its file in the work folder and is skipped when that file is there, so that a run
goes on where it was stopped.
"""

import argparse
import itertools
import logging
import random
from collections import Counter
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from transformers import MarianMTModel, MarianTokenizer

from models.training import alignment, corpus, export, imitation, loop, vocabulary
from models.training.evaluate import figures
from models.training.student import Student, config, warm_start

log = logging.getLogger("models.training")

SEED = 20260
AVERAGED = 3


def main() -> None:
    """Run the stages that are not done yet."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("--student", type=Path, required=True, help="folder of the en→pt student")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoints and logs")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the finished model")
    parser.add_argument("--minutes", type=float, default=240, help="of training")
    parser.add_argument("--imitate", type=float, default=180, help="seconds of imitation")
    parser.add_argument(
        "--export-only", action="store_true", help="write --out from the checkpoints"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(SEED)
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    student = Student.read(arguments.student)
    joint = _vocabulary(student, arguments.data, work)
    pad = joint.get_piece_size()
    if not arguments.export_only:
        chosen = corpus.pairs(arguments.data, SEED, corpus.names_of(joint))
        encoded = corpus.encoded(joint, chosen)
        log.info("%d pairs, %d target pieces", len(encoded), sum(len(t) for _, t in encoded))
        model = _start(student, joint, arguments.data, work, arguments.imitate, encoded)
        counts = Counter(itertools.chain.from_iterable(target for _, target in encoded))
        loop.train(
            loop.Training(
                model,
                lambda step: corpus.batches(encoded, pad, SEED + step),
                torch.tensor([counts[index] for index in range(pad + 1)]),
                work,
                arguments.minutes,
                lambda trained: _measure(trained, arguments.data, work),
            )
        )
    model = MarianMTModel(config(pad + 1))
    steps = sorted(work.glob("step-*.pt"), key=lambda path: int(path.stem.split("-")[1]))
    states = [torch.load(path, weights_only=True) for path in steps[-AVERAGED:]]
    best, best_figures = None, {"chrf": -1.0}
    for state in (states[-1], loop.average(states)):
        model.load_state_dict(state)
        measured = _measure(model, arguments.data, work)
        log.info("%s: %s", "last" if state is states[-1] else "average", measured)
        if measured["chrf"] > best_figures["chrf"]:
            best, best_figures = state, measured
    if best is not None:
        model.load_state_dict(best)
    export.export(model, work, arguments.out)


def _vocabulary(student: Student, data: Path, work: Path) -> SentencePieceProcessor:
    if (work / "vocab.json").exists():
        return SentencePieceProcessor(model_file=str(work / "source.spm"))
    chosen = corpus.pairs(data, SEED)
    spanish = [
        line
        for name in ("lajornada.es", "press.es")
        for line in corpus.lines(data / "spanish" / name)
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
    data: Path,
    work: Path,
    seconds: float,
    encoded: corpus.Encoded,
) -> MarianMTModel:
    """The warm-started model after imitation, kept as `start.pt`."""
    pad = joint.get_piece_size()
    path = work / "start.pt"
    if path.exists():
        model = MarianMTModel(config(pad + 1))
        model.load_state_dict(torch.load(path, weights_only=True))
        return model
    stem = data / "distil" / "mono"
    spanish = joint.encode(corpus.lines(stem.with_name("mono.es"))[:80_000], num_threads=2)
    portuguese = student.vocabulary.encode(
        corpus.lines(stem.with_name("mono.pt"))[:80_000], num_threads=2
    )
    aligned = alignment.links(spanish, portuguese)
    source, target, bias = alignment.vectors(
        joint,
        student.vocabulary,
        student.tensors["Wemb"].numpy(),
        student.tensors["decoder_ff_logit_out_b"].flatten().numpy(),
        aligned,
    )
    log.info("%d pieces aligned", len(aligned))
    model = warm_start(student, *(torch.from_numpy(part) for part in (source, target, bias)))
    left = imitation.imitate(model, student, corpus.batches(encoded, pad, SEED), seconds)
    log.info("imitation: %.1f %% of the variance left; %s", 100 * left, _measure(model, data, work))
    torch.save(model.state_dict(), path)
    return model


def _measure(model: MarianMTModel, data: Path, work: Path) -> dict[str, float]:
    """Greedy figures on every fifth line of newstest2010, the set to choose on."""
    sources = corpus.lines(data / "parallel" / "newstest2010.en")[::5]
    references = corpus.lines(data / "parallel" / "newstest2010.es")[::5]
    tokenizer = MarianTokenizer(
        source_spm=str(work / "source.spm"),
        target_spm=str(work / "target.spm"),
        vocab=str(work / "vocab.json"),
    )
    translate = export.translator(tokenizer, model)
    return figures(sources, references, translate(sources))


if __name__ == "__main__":
    main()
