"""The texts to train on: read, filtered and weighed.

The test sets stay out of it: `newstest2010` is for choosing, `newstest2011` for reporting.
"""

import lzma
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from models.training.direction import Direction
from models.training.variation import NAME, Pair, fragment, kept_names, swapped, varied

PARALLEL = {
    "news-commentary": 1,
    "news-test2008": 3,
    "newssyscomb2009": 3,
    "newstest2009": 3,
    "globalvoices": 2,
    "europarl": 1,
    "civic": 1,
    "tatoeba": 1,
}
"""Each set under `parallel/` that is trained on, and how often a pass takes it."""
_LETTERS = re.compile(r"[^\W\d_]")
_LOWER_WORD = re.compile(r"\b[a-záéíóúüñç]{3,}\b")
_NAME_PIECE = re.compile(r"▁[A-Z][a-zà-ÿ]{2,}")
SPANISH = ("efe", "lajornada", "press", "speech")
"""Each set under `spanish/`."""
FRAGMENTS = 6_000
"""How many short pieces of a news page are added to a pass."""


def lines(path: Path) -> list[str]:
    """The lines of `path`, or of `path` with `.xz` (FileNotFoundError if neither is there)."""
    packed = path.with_name(path.name + ".xz")
    if packed.exists():
        with lzma.open(packed, "rt", encoding="utf-8") as file:
            return file.read().splitlines()
    return path.read_text(encoding="utf-8").splitlines()


def distilled(data: Path) -> list[Pair]:
    """English news with the Spanish that the pivot through Portuguese gave.

    Without the lines in which a word stayed Portuguese: a lower-case word that no real Spanish text
    here has twice.
    """
    sure = Counter(
        word
        for path in [*(data / "parallel" / name for name in PARALLEL), *SPANISH]
        for line in lines(_spanish(data, path))
        for word in set(_LOWER_WORD.findall(line))
    )
    known = {word for word, count in sure.items() if count > 1}
    return [
        (source, target)
        for source, target in _pairs(data / "distil" / "mono")
        if known.issuperset(_LOWER_WORD.findall(target))
    ]


def _spanish(data: Path, path: Path | str) -> Path:
    if isinstance(path, Path):
        return path.with_name(path.name + ".es")
    return data / "spanish" / f"{path}.es"


def names_of(vocabulary: SentencePieceProcessor) -> list[str]:
    """The capitalised words that are one piece."""
    pieces = [vocabulary.id_to_piece(number) for number in range(vocabulary.get_piece_size())]
    return [piece[1:] for piece in pieces if _NAME_PIECE.fullmatch(piece)]


def pairs(
    data: Path,
    direction: Direction,
    seed: int,
    words: Sequence[str] = (),
    written: Path | None = None,
) -> list[Pair]:
    """One pass over all pairs: filtered, without duplicates, weighed and varied, in random order.

    `words` are further names to swap in: a name that never comes is unlearned, for every step makes
    it less likely. `written` is the folder with the English that a model wrote for `spanish/`.
    """
    rng = random.Random(seed)
    unvaried: list[Pair] = []
    seen: set[str] = set()
    sets = [(_pairs(data / "parallel" / name), times) for name, times in PARALLEL.items()]
    if written:
        sets += [(_back_translated(data, written, name), 1) for name in SPANISH]
    for of_set, times in [*sets, (distilled(data), 1)]:
        for english, spanish in of_set:
            key, _ = direction.ordered(english, spanish)
            if key not in seen and _is_fit(english, spanish):
                seen.add(key)
                unvaried.extend([(english, spanish)] * times)
    names = sorted({name for pair in unvaried for name in kept_names(*pair)} | set(words))
    others = [swapped(*pair, names, rng) for pair in unvaried]
    others += [fragment(names, rng) for _ in range(FRAGMENTS)]
    chosen = [varied(*direction.ordered(*pair), rng) for pair in others]
    rng.shuffle(chosen)
    return chosen


def _back_translated(data: Path, written: Path, name: str) -> list[Pair]:
    return list(zip(lines(written / f"{name}.en"), lines(_spanish(data, name)), strict=True))


def spanish_names(data: Path) -> list[str]:
    """Capitalised words that stand three times and more inside the sentences of Spanish news."""
    counts = Counter(
        name
        for of_set in ("lajornada", "press", "efe")
        for line in lines(_spanish(data, of_set))
        for name in NAME.findall(line)
    )
    return sorted(name for name, count in counts.items() if count > 2)


def _pairs(stem: Path) -> list[Pair]:
    source = lines(stem.with_name(stem.name + ".en"))
    target = lines(stem.with_name(stem.name + ".es"))
    return list(zip(source, target, strict=True))


def _is_fit(source: str, target: str) -> bool:
    if not source.strip() or not target.strip() or source == target:
        return False
    if not _LETTERS.search(source) or "*" in target:
        return False
    ratio = len(target) / len(source)
    return 0.5 < ratio < 2.2 or abs(len(target) - len(source)) < 12
