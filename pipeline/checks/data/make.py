"""Count the word lists and name pairs in parallel texts: `python -m pipeline.checks.data.make FOLDER`.

FOLDER holds pairs of line-aligned files, `NAME.en.xz` and `NAME.es.xz`. Takes tens of minutes.
"""

import lzma
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pipeline.checks.number_words import NUMBER_WORDS
from pipeline.checks.spelling import fold, sound

HERE = Path(__file__).parent
_WORD = re.compile(r"(?<![\d_])[^\W\d_]+(?:['’&.][^\W\d_]+)*")  # no "st" from "1st"
_LEAST = 3
"""Minimum occurrences: anything rarer may be a mistake in the texts."""
_ORDINARY_SHARE = 0.1
"""Minimum share in lower case: a word below it, such as "bush", is primarily a name."""
_LEAST_LIFT = 15.0
_LEAST_SHARE = 0.3

_FEMININE = ("la", "una", "esta", "esa", "aquella", "las", "unas", "estas", "esas", "aquellas")
_MASCULINE = (
    "el",
    "un",
    "del",
    "al",
    "este",
    "ese",
    "aquel",
    "los",
    "unos",
    "estos",
    "esos",
    "aquellos",
)
_AFTER_ARTICLE = re.compile(
    rf"\b((?i:{'|'.join([*_FEMININE, *_MASCULINE])})) ([a-záéíóúüñ]{{3,}})\b"
)
_LEAST_AFTER_ARTICLE = 8
_MOST_OF_OTHER_GENDER = 0.01
"""The share of mistakes in the texts."""
_EITHER_GENDER = re.compile(
    r"(?:(?<!\bpue)(?<!\bfue)(?<!ambie)(?<!contine)(?<!incide)(?<!accide)nte|ista|cida|arca|eta|ata|crata|jefe|líder|modelo|piloto|testigo|juez|titular|indígena|pobre|defensa"
    r"|número|poco|mal|web|v[ií]deo)(?:e?s)?$"
)
_STRESSED = re.compile(
    r"a(?:gua|guila|la|lba|lga|lma|lta|lza|ma|ncla|nima|nsia|rea|rma|rpa|sa|scua|spa|ula|ve)"
    r"|ha(?:bla|cha|da|ba|mbre)"
)
"""Feminine nouns that take "el" and "un", folded."""
_BOTH_GENDERS = {"parte", "partes", "espada", "espadas"}
"""Nouns that mean something else in the other, rarer gender: "el parte médico", "el primer espada"."""


class Cases:
    """How often each word occurs in lower case, and with a capital inside a sentence."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Count the words of the lines."""
        self.small: Counter[str] = Counter()
        self.capital: Counter[str] = Counter()
        for line in lines:
            for place, word in enumerate(_WORD.findall(line)):
                if word == word.lower():
                    self.small[word] += 1
                elif place:
                    self.capital[word.lower()] += 1

    def ordinary(self, translated: frozenset[str]) -> list[str]:
        """Words that are not names, or that are translated even in names: "Minister", "Bank"."""
        return sorted(
            word
            for word, times in self.small.items()
            if times >= _LEAST
            and (
                times >= self.capital[word]
                or (
                    fold(word) in translated
                    and times >= _ORDINARY_SHARE * (times + self.capital[word])
                )
            )
        )

    def name(self, word: str) -> bool:
        """Whether a word in a line is counted as a name."""
        return word != word.lower() and self.small[word.lower()] < self.capital[word.lower()]


def pairs(
    ours: Iterable[str], theirs: Iterable[str], cases: Cases
) -> tuple[dict[str, list[str]], frozenset[str]]:
    """The words that translate each name, best first; and the names that are mostly translated.

    A word counts if it occurs with the name at least `_LEAST_LIFT` times as often as by chance, and if
    either a minimum share of the name's lines have the word or a minimum share of the word's lines have the
    name.
    """
    with_name: Counter[str] = Counter()
    copied: Counter[str] = Counter()
    with_word: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    lines = 0
    for our, their in zip(ours, theirs, strict=True):
        lines += 1
        our_words = _WORD.findall(our)
        found = {fold(word) for word in our_words if cases.name(word)}
        there = {fold(word) for word in _WORD.findall(their)}
        with_word.update(there)
        with_name.update(found)
        sounds = {sound(word) for word in there} if found else set()
        free = there - {fold(word) for word in our_words}
        for name in found:
            if name in there or sound(name) in sounds:
                copied[name] += 1
            else:
                together.update((name, word) for word in free if len(word) > 1)
    best: dict[str, list[tuple[int, str]]] = {}
    for (name, word), times in together.items():
        lift = times * lines / (with_name[name] * with_word[word])
        share = max(times / with_name[name], times / with_word[word])
        enough = times >= _LEAST or (times == _LEAST - 1 and name[:3] == word[:3])
        if enough and lift >= _LEAST_LIFT and share >= _LEAST_SHARE:
            best.setdefault(name, []).append((-times, word))
    found_pairs = {name: [word for _, word in sorted(words)[:8]] for name, words in best.items()}
    return found_pairs, frozenset(n for n in found_pairs if copied[n] < with_name[n] / 2)


def genders(lines: Iterable[str], plain: Collection[str]) -> dict[str, str]:
    """Spanish words that follow articles of only one gender, mapped to that gender: m or f.

    Left out are words in `plain` that have all four endings, as adjectives and many nouns for people do,
    words with an ending that nouns for people of either gender have, and words such as "agua", which take
    articles of both genders.
    """
    masculine: Counter[str] = Counter()
    feminine: Counter[str] = Counter()
    for line in lines:
        for article, word in _AFTER_ARTICLE.findall(line):
            (feminine if article.lower() in _FEMININE else masculine)[word] += 1
    found = {}
    for word in sorted(masculine.keys() | feminine.keys()):
        one, other = sorted((masculine[word], feminine[word]))
        stem = re.sub(r"[oa]s?$", "", word)
        four = stem != word and all(f"{stem}{end}" in plain for end in ("o", "a", "os", "as"))
        both = four or word in NUMBER_WORDS["es"] or _EITHER_GENDER.search(word) is not None
        both = both or _STRESSED.fullmatch(fold(word)) is not None or word in _BOTH_GENDERS
        if other >= _LEAST_AFTER_ARTICLE and one <= _MOST_OF_OTHER_GENDER * other and not both:
            found[word] = "m" if masculine[word] > feminine[word] else "f"
    return found


def _lines(folder: Path, language: str) -> Iterator[str]:
    for path in sorted(folder.glob(f"*.{language}.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from lines


def main() -> None:
    """Write `words.LANGUAGE.txt`, `names.LANGUAGE-LANGUAGE.tsv` and `genders.es.tsv`.

    The first two are written for both English and Spanish.
    """
    folder = Path(sys.argv[1])
    for ours, theirs in (("en", "es"), ("es", "en")):
        cases = Cases(_lines(folder, ours))
        table, translated = pairs(_lines(folder, ours), _lines(folder, theirs), cases)
        words = "".join(f"{word}\n" for word in cases.ordinary(translated))
        (HERE / f"words.{ours}.txt").write_text(words, encoding="utf-8")
        rows = "".join(f"{name}\t{' '.join(table[name])}\n" for name in sorted(table))
        (HERE / f"names.{ours}-{theirs}.tsv").write_text(rows, encoding="utf-8")
    spanish = frozenset((HERE / "words.es.txt").read_text(encoding="utf-8").split())
    rows = "".join(
        f"{word}\t{gender}\n" for word, gender in genders(_lines(folder, "es"), spanish).items()
    )
    (HERE / "genders.es.tsv").write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
