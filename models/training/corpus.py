"""The texts to train on: read, filtered and weighed.

The test sets stay out of it: `newstest2010` is for choosing, `newstest2011` for reporting.
"""

import lzma
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sentencepiece import SentencePieceProcessor

from models.training.direction import Direction
from models.training.figures import keeps_numbers
from models.training.variation import NAME, Pair, kept_names

PARALLEL = (
    "news-commentary",
    "news-test2008",
    "newssyscomb2009",
    "newstest2009",
    "globalvoices",
    "europarl",
    "civic",
    "tatoeba",
)
"""Each set under `parallel/` that is trained on."""
NEWS_SETS = ("news-test2008", "newssyscomb2009", "newstest2009", "globalvoices")
"""Those of news that people translated."""
EVEN = {"news-test2008": 3, "newssyscomb2009": 3, "newstest2009": 3, "globalvoices": 2}
"""How often a pass takes the pairs of a set, by its name; once, where it is not here."""
NEWS = EVEN | {
    "news-test2008": 8,
    "newssyscomb2009": 8,
    "newstest2009": 8,
    "efe": 2,
    "press": 2,
    "lajornada": 0.4,
    "mono": 0,
}
"""The same for a last pass: more news that people translated, one local paper less, and no pivot."""
_LETTERS = re.compile(r"[^\W\d_]")
_LOWER_WORD = re.compile(r"\b[a-záéíóúüñç]{3,}\b")
_ORDINAL_GONE = re.compile(r"\b\d+(?:el|la|lo|los|las)\b")
_NAME_PIECE = re.compile(r"▁[A-Z][a-zà-ÿ]{2,}")
SPANISH = ("efe", "lajornada", "press", "speech")
"""Each set under `spanish/`."""
BACK_TRANSLATED = {
    "es": ("spanish/efe", "spanish/press", "spanish/lajornada"),
    "en": ("distil/mono",),
}
"""The written news in a language, for which a model writes sources in the other one."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pairs of one pass, English and Spanish, and the names that are swapped into them."""

    pairs: list[Pair]
    names: list[str]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What `write` left in the folder (FileNotFoundError if it did not)."""
        return cls(read_pairs(folder / "corpus"), lines(folder / "names.txt"))

    def write(self, folder: Path) -> None:
        """Leave `corpus.en`, `corpus.es` and `names.txt`, the last of them last."""
        write_pairs(folder / "corpus", self.pairs)
        _write(folder / "names.txt", self.names)


def lines(path: Path) -> list[str]:
    """The lines of `path`, or of `path` with `.xz` (FileNotFoundError if neither is there)."""
    packed = path.with_name(path.name + ".xz")
    if packed.exists():
        with lzma.open(packed, "rt", encoding="utf-8") as file:
            return file.read().splitlines()
    return path.read_text(encoding="utf-8").splitlines()


def distilled(data: Path) -> list[Pair]:
    """English news with the Spanish that the pivot through Portuguese gave.

    Without the lines in which a word stayed Portuguese, a lower-case word that no real Spanish text
    here has twice, and without those where its ordinals went wrong: "2o" became "2el".
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
        for source, target in read_pairs(data / "distil" / "mono")
        if known.issuperset(_LOWER_WORD.findall(target)) and not _ORDINAL_GONE.search(target)
    ]


def _spanish(data: Path, path: Path | str) -> Path:
    if isinstance(path, Path):
        return path.with_name(path.name + ".es")
    return data / "spanish" / f"{path}.es"


def names_of(vocabulary: SentencePieceProcessor) -> list[str]:
    """The capitalised words that are one piece."""
    pieces = [vocabulary.id_to_piece(number) for number in range(vocabulary.get_piece_size())]
    return [piece[1:] for piece in pieces if _NAME_PIECE.fullmatch(piece)]


def gather(
    data: Path,
    direction: Direction,
    words: Sequence[str] = (),
    written: Path | None = None,
    weights: Mapping[str, float] = EVEN,
    distilled_pairs: Sequence[Pair] = (),
) -> Corpus:
    """One pass over all pairs: filtered, without duplicates, and weighed.

    `words` are further names to swap in: a name that never comes is unlearned, for every step makes
    it less likely. `written` is the folder with the sources that a model wrote for BACK_TRANSLATED: of
    a text that has one the pivot's is not taken, if that would be a source. Of a weight that is no whole
    number the rest is the share of the pairs that are taken once more. `distilled_pairs` come beside other
    translations of the same sources.
    """
    sets = {name: read_pairs(data / "parallel" / name) for name in PARALLEL}
    if written:
        sets |= _back_translated(data, direction, written)
    if "mono" not in sets:
        sets["mono"] = distilled(data)
    chosen: list[Pair] = []
    seen: set[str] = set()
    for name, of_set in sets.items():
        whole, rest = divmod(weights.get(name, 1), 1)
        draw = random.Random(name)
        for english, spanish in of_set:
            key, _ = direction.ordered(english, spanish)
            if key not in seen and _is_fit(english, spanish):
                seen.add(key)
                chosen.extend([(english, spanish)] * (int(whole) + (draw.random() < rest)))
    chosen.extend(distilled_pairs)
    names = {name for pair in chosen for name in kept_names(*pair)}
    return Corpus(chosen, sorted(names | set(words)))


def held_out(data: Path, direction: Direction) -> list[Pair]:
    """Sources and targets of every fifth line of newstest2010, the set to choose on."""
    return [
        direction.ordered(*pair) for pair in read_pairs(data / "parallel" / "newstest2010")[::5]
    ]


def to_back_translate(data: Path, direction: Direction) -> dict[str, list[str]]:
    """The target's lines that have no source of their own, by the names of the files of these."""
    return {
        f"{Path(name).name}.{direction.source}": [
            line.strip() for line in lines(data / f"{name}.{direction.target}")
        ]
        for name in BACK_TRANSLATED[direction.target]
    }


def _back_translated(data: Path, direction: Direction, written: Path) -> dict[str, list[Pair]]:
    """By set, the pairs in which no number and no name is lost: what is kept is learned to be kept.

    A name is a capitalised word that both languages' parallel texts have, the source's at least half
    as often: "Universidad" is none.
    """
    sources, targets = (
        Counter(
            name
            for of_set in PARALLEL
            for line in lines(data / "parallel" / f"{of_set}.{language}")
            for name in NAME.findall(line)
        )
        for language in (direction.source, direction.target)
    )
    names = {name for name, count in sources.items() if count > max(2, targets[name] / 2)}
    return {
        Path(file).stem: [
            direction.ordered(source, target)
            for source, target in zip(lines(written / file), texts, strict=True)
            if keeps_numbers(target, source, direction.source)
            and all(name in source for name in NAME.findall(target) if name in names)
        ]
        for file, texts in to_back_translate(data, direction).items()
    }


def spanish_names(data: Path) -> list[str]:
    """Capitalised words that stand three times and more inside the sentences of Spanish news."""
    counts = Counter(
        name
        for of_set in ("lajornada", "press", "efe")
        for line in lines(_spanish(data, of_set))
        for name in NAME.findall(line)
    )
    return sorted(name for name, count in counts.items() if count > 2)


def write_pairs(stem: Path, pairs: Sequence[Pair]) -> None:
    """Write what `read_pairs` reads."""
    for side, language in enumerate(("en", "es")):
        _write(stem.with_name(f"{stem.name}.{language}"), [pair[side] for pair in pairs])


def _write(path: Path, texts: Sequence[str]) -> None:
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


def read_pairs(stem: Path) -> list[Pair]:
    """English and Spanish of the two files of this stem, line by line."""
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
