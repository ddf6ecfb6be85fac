"""Beams and shortlists, in quality and time: `python -m benchmarks.decoding`.

The embedded model on CTranslate2 with 1, 2 and 4 beams, with its whole vocabulary and with a vocabulary map:
for each source piece the target pieces that stand for it in parallel text by word alignment, beside the most
frequent ones and those that a name or a number is copied with. Settings are chosen on newstest2010. One
thread; times are the processor's. Needs the extra `training`.
"""

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import ctranslate2
from sentencepiece import SentencePieceProcessor

from models.engines.conversion import ensure_converted
from models.engines.loading import select_local_device
from models.engines.tokenizer import ModelTokenizer
from models.training import corpus
from models.training.alignment import links
from models.training.figures import figures
from service.settings import Settings

DATA = Path(__file__).parents[2] / "shared" / "data" / "parallel"
_DIGIT = re.compile(r"\d")
FREQUENT = 1000
"""Target pieces that every sentence may use."""


def main() -> None:
    """Print a table, and write it as JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decoding", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--lines", type=int, default=100_000, help="to make the shortlist from")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    settings = Settings()
    model = select_local_device(settings.load_catalogue().get("embedded/en-es", "translate"))
    assert model.folder is not None
    tokenizer = ModelTokenizer(model, model.folder)
    sources, references = (
        _every(arguments.data / f"newstest2010.{language}", arguments.sentences)
        for language in ("en", "es")
    )
    rows = tokenizer.encode(sources, "en", "es")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for path in ensure_converted(model, settings.models_dir).iterdir():
            (folder / path.name).symlink_to(path)
        pieces = SentencePieceProcessor(model_file=str(model.folder / "source.spm"))
        _write_shortlist(folder / "vmap.txt", pieces, arguments.data, arguments.lines)
        translator = ctranslate2.Translator(
            str(folder), compute_type=model.compute_type, intra_threads=1
        )
        ways = list(product((1, 2, 4), (False, True)))
        seconds: dict[tuple[int, bool], list[float]] = {way: [] for way in ways}
        outputs: dict[tuple[int, bool], list[str]] = {}
        for _, (beams, shortlist) in product(range(arguments.rounds), ways):
            started = time.process_time()
            results = translator.translate_batch(
                rows,
                beam_size=beams,
                use_vmap=shortlist,
                max_batch_size=settings.batch_tokens,
                batch_type="tokens",
                max_input_length=0,
            )
            seconds[beams, shortlist].append(time.process_time() - started)
            outputs[beams, shortlist] = [tokenizer.decode(r.hypotheses[0]) for r in results]
    told: list[dict[str, Any]] = []
    print("beams  vocabulary  seconds   BLEU   chrF  numbers  names")
    for way in ways:
        row: dict[str, Any] = {
            "beams": way[0],
            "vocabulary": "shortlist" if way[1] else "whole",
            "seconds": statistics.median(seconds[way]),
            **figures(sources, references, outputs[way], "es"),
        }
        told.append(row)
        print(
            f"{row['beams']:5}  {row['vocabulary']:10} {row['seconds']:8.2f} {row['bleu']:6} "
            f"{row['chrf']:6} {row['numbers']:8} {row['names']:6}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _every(path: Path, count: int) -> list[str]:
    lines = corpus.lines(path)
    return lines[:: max(1, len(lines) // count)][:count]


def _write_shortlist(path: Path, pieces: SentencePieceProcessor, data: Path, lines: int) -> None:
    """The vocabulary map as CTranslate2 reads it: a source piece, a tab, target pieces."""
    ours, theirs = (
        pieces.encode(corpus.lines(data / f"news-commentary.{language}")[:lines])
        for language in ("en", "es")
    )
    aligned = links(ours, theirs)
    often = Counter(piece for line in theirs for piece in line).most_common(FREQUENT)
    always = {piece for piece, _ in often}
    names = {index: pieces.id_to_piece(index) for index in range(pieces.get_piece_size())}
    always |= {index for index, piece in names.items() if len(piece) <= 2 or _DIGIT.search(piece)}
    rows = ["\t" + " ".join(names[index] for index in sorted(always))]
    for index, piece in names.items():
        # Itself too: names and numbers are copied.
        rows.append(piece + "\t" + " ".join(names[i] for i in {index, *aligned.get(index, {})}))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    sizes = [len(aligned.get(index, {})) for index in names]
    print(f"shortlist: {len(always)} always, {statistics.mean(sizes):.1f} for a source piece")


if __name__ == "__main__":
    main()
