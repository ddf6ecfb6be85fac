"""The texts to train on: read, filtered, weighed, varied, cut into pieces, and given out in batches.

The test sets stay out of it: `newstest2010` is for choosing, `newstest2011` for reporting.
"""

import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor

from models.training.direction import Direction

Pair = tuple[str, str]

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

LONGEST = 110
"""Longer sentences, in pieces, are left out of training; they are rare and cost the most."""
BATCH_TOKENS = 2_000
_CHUNK = 100_000
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_LOWER_WORD = re.compile(r"\b[a-záéíóúüñç]{3,}\b")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zà-ÿ]{2,}\b")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+\.\d{1,3}|\d{2,4})(?![\w]|[.,]\d)")
_NAME_PIECE = re.compile(r"▁[A-Z][a-zà-ÿ]{2,}")
_DIGIT = re.compile(r"\d")

SPANISH = ("efe", "lajornada", "press", "speech")
"""Each set under `spanish/`."""
SWAP_NAMES, SWAP_NUMBERS = 0.7, 0.4
"""The shares of the pairs in which names, and numbers, are swapped."""
FRAGMENTS = 6_000
"""How many short pieces of a news page are added to a pass."""
_FRAGMENTS = (
    ("By {0} {1}", "Por {0} {1}"),
    ("BY {0} {1}", "Por {0} {1}"),
    ("Photo: {0} {1}", "Foto: {0} {1}"),
    ("Photo by {0} {1}", "Foto de {0} {1}"),
    ("{0} {1}", "{0} {1}"),
    ("{0}, {1}", "{0}, {1}"),
    ("ON NOW", "EN VIVO"),
    ("Read more", "Leer más"),
    ("Follow us", "Síganos"),
    ("{0} {1}, {2}", "{0} {1}, {2}"),
    ("{0} 2, {1} 1", "{0} 2, {1} 1"),
    ("{0}: {2}", "{0}: {2}"),
)
"""English and Spanish, with places for names and a number."""


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


def kept_names(source: str, target: str) -> list[str]:
    """Capitalised words inside the source that stand once in each text, as they are."""
    words = Counter(_WORD.findall(target))
    of_source = Counter(_WORD.findall(source))
    inside = _NAME.findall(source)
    return [name for name in inside if words[name] == 1 == of_source[name]]


def names_of(vocabulary: SentencePieceProcessor) -> list[str]:
    """The capitalised words that are one piece."""
    pieces = [vocabulary.id_to_piece(number) for number in range(vocabulary.get_piece_size())]
    return [piece[1:] for piece in pieces if _NAME_PIECE.fullmatch(piece)]


def _swapped(source: str, target: str, names: Sequence[str], rng: random.Random) -> Pair:
    """Now and then other names and numbers, the same in both: they must be copied, not guessed."""
    if rng.random() < SWAP_NAMES:
        for name in kept_names(source, target):
            other = rng.choice(names)
            source, target = _replaced(source, name, other), _replaced(target, name, other)
    if rng.random() < SWAP_NUMBERS:
        for number in sorted(set(_NUMBER.findall(source))):
            spanish = in_spanish(number)
            if _count(source, number) == 1 == _count(target, spanish):
                other = _another(number, rng)
                source = _replaced(source, number, other)
                target = _replaced(target, spanish, in_spanish(other))
    return source, target


def in_spanish(number: str) -> str:
    """An English number in Spanish notation: 1,800.5 → 1.800,5."""
    return number.translate(str.maketrans(",.", ".,"))


def _another(number: str, rng: random.Random) -> str:
    """Another number: a year for a year, else of any size, for the rare shapes are the ones lost."""
    if len(number) == 4 and number.isdigit():
        return str(rng.randint(1700, 2040))
    kind = rng.random()
    if kind < 0.4:
        return str(rng.randint(1, 9)) + _DIGIT.sub(lambda _: str(rng.randint(0, 9)), number[1:])
    if kind < 0.65:
        return f"{rng.choice((9, 99, 999)) * rng.random():.{rng.randint(1, 2)}f}"
    return f"{rng.randint(2, 10 ** rng.randint(1, 6)):,}"


def _count(text: str, word: str) -> int:
    return len(re.findall(rf"(?<![\w.,]){re.escape(word)}(?![\w]|[.,]\d)", text))


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<![\w.,]){re.escape(word)}(?![\w]|[.,]\d)", lambda _: other, text)


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
    swapped = [_swapped(*pair, names, rng) for pair in unvaried]
    swapped += [_fragment(names, rng) for _ in range(FRAGMENTS)]
    chosen = [_varied(*direction.ordered(*pair), rng) for pair in swapped]
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
        for name in _NAME.findall(line)
    )
    return sorted(name for name, count in counts.items() if count > 2)


def _fragment(names: Sequence[str], rng: random.Random) -> Pair:
    english, spanish = rng.choice(_FRAGMENTS)
    parts = (rng.choice(names), rng.choice(names), str(rng.randint(2, 999)))
    return english.format(*parts), spanish.format(*parts)


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


def _varied(source: str, target: str, rng: random.Random) -> Pair:
    """Now and then what news looks like and the texts do not: headlines, fragments, curly quotes."""
    if len(source) < 110 and rng.random() < 0.04:
        # A headline in capitals or title case; Spanish headlines are in sentence case.
        source = source.upper() if rng.random() < 0.5 else source.title().replace("'S", "'s")
    if source.endswith(".") and target.endswith(".") and rng.random() < 0.05:
        source, target = source[:-1], target[:-1]
    if rng.random() < 0.3:
        if source.count('"') == target.count('"') and source.count('"') % 2 == 0:
            source, target = _curled(source), _curled(target)
        source = source.replace("'", "’")
    return source, target


def _curled(text: str) -> str:
    parts = text.split('"')
    return "".join(
        part if index == 0 else ("“" if index % 2 else "”") + part
        for index, part in enumerate(parts)
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of pieces, padded: sources (sentences × positions), the decoder's inputs and its labels."""

    source: Tensor
    source_mask: Tensor
    inputs: Tensor
    labels: Tensor
    labels_mask: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


Encoded = list[tuple[list[int], list[int]]]


def encoded(vocabulary: SentencePieceProcessor, chosen: Sequence[Pair]) -> Encoded:
    """The pairs as ids, each with its end token (0), without those over LONGEST."""
    sources = vocabulary.encode([source for source, _ in chosen], num_threads=2)
    targets = vocabulary.encode([target for _, target in chosen], num_threads=2)
    return [
        ([*source, 0], [*target, 0])
        for source, target in zip(sources, targets, strict=True)
        if 0 < len(source) < LONGEST and 0 < len(target) < LONGEST
    ]


def batches(data: Encoded, pad: int, seed: int) -> Iterator[Batch]:
    """Batches of about BATCH_TOKENS target pieces, of like lengths, pass after pass without end."""
    rng = random.Random(seed)
    data = list(data)
    while True:
        rng.shuffle(data)
        for start in range(0, len(data), _CHUNK):
            chunk = sorted(
                data[start : start + _CHUNK], key=lambda pair: (len(pair[1]), len(pair[0]))
            )
            groups: list[Encoded] = [[]]
            for pair in chunk:
                if (len(groups[-1]) + 1) * len(pair[1]) > BATCH_TOKENS:
                    groups.append([])
                groups[-1].append(pair)
            rng.shuffle(groups)
            for group in groups:
                yield _batch(group, pad)


def _batch(group: Encoded, pad: int) -> Batch:
    source = _padded([source for source, _ in group], pad)
    labels = _padded([target for _, target in group], pad)
    inputs = torch.cat([torch.full((len(group), 1), pad), labels[:, :-1]], 1)
    return Batch(source, source != pad, inputs, labels, labels != pad)


def _padded(rows: list[list[int]], pad: int) -> Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
