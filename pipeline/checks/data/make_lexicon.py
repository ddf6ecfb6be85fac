"""Count which words translate which: `python -m pipeline.checks.data.make_lexicon FOLDER`.

FOLDER holds pairs of line-aligned files, `NAME.en.xz` and `NAME.es.xz`. Words are aligned with IBM model 1
in both directions; takes a few minutes and 8 GB of memory for 200,000 lines.
"""

import lzma
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from models.training.alignment import links
from pipeline.checks.lexicon import FUNCTION_WORDS

HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LONGEST = 32
"""Maximum words of a line; the table of links grows with the square of it."""
_MOST_LINES = 110_000
"""Maximum lines of one file: more text of the same kind adds little."""
_LEAST = 3
_MOST_FORMS = 8
_LEAST_SHARE = 0.03
_SURE_SHARE = 0.1
_LEAST_TIMES = 1.5
_SURE_TIMES = 2.5
"""Minimum counts of a pair, the second for pairs with no link in the other direction. Chosen by examples."""

Links = dict[int, dict[int, float]]


def main() -> None:
    """Write `lexicon.en-es.tsv` and `lexicon.es-en.tsv`."""
    english, spanish = parallel_lines(Path(sys.argv[1]))
    ours, our_words, our_times = _numbered(english)
    theirs, their_words, their_times = _numbered(spanish)
    forth, back = links(ours, theirs), links(theirs, ours)
    for pair, table in (
        ("en-es", _table(forth, back, our_words, their_words, our_times, "en", "es")),
        ("es-en", _table(back, forth, their_words, our_words, their_times, "es", "en")),
    ):
        rows = "".join(f"{word}\t{' '.join(table[word])}\n" for word in sorted(table))
        (HERE / f"lexicon.{pair}.tsv").write_text(rows, encoding="utf-8")


def parallel_lines(folder: Path) -> tuple[list[list[str]], list[list[str]]]:
    """The words of the lines in lower case; each English line is used once."""
    english: list[list[str]] = []
    spanish: list[list[str]] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.en.xz")):
        other = path.with_name(path.name.replace(".en.", ".es."))
        with lzma.open(path, "rt", encoding="utf-8") as ours, lzma.open(other, "rt") as theirs:
            kept = 0
            for line, translation in zip(ours, theirs, strict=True):
                one, two = _words(line), _words(translation)
                key = " ".join(one)
                if kept < _MOST_LINES and key not in seen and 0 < len(one) <= _LONGEST and two:
                    seen.add(key)
                    english.append(one)
                    spanish.append(two)
                    kept += 1
    return english, spanish


def _words(line: str) -> list[str]:
    return [word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(line)]


def _numbered(lines: Sequence[Sequence[str]]) -> tuple[list[list[int]], list[str], Counter[str]]:
    """The lines as lists of word numbers, the words by number, and the count of each word."""
    times = Counter(word for line in lines for word in line)
    words = [word for word, count in times.most_common() if count >= _LEAST]
    numbers = {word: number for number, word in enumerate(words)}
    return [[numbers[word] for word in line if word in numbers] for line in lines], words, times


def _table(
    forth: Links,
    back: Links,
    ours: Sequence[str],
    theirs: Sequence[str],
    times: Counter[str],
    source: str,
    target: str,
) -> dict[str, list[str]]:
    """The translations of each word, the likeliest first; function words are left out on both sides."""
    table = {}
    for number, word in enumerate(ours):
        if not _counts(word, source):
            continue
        forms = []
        for other, share in forth.get(number, {}).items():
            returned = back.get(other, {}).get(number, 0.0)
            often = share * times[word]
            linked = returned > 0 or (share >= _SURE_SHARE and often >= _SURE_TIMES)
            if (
                _counts(theirs[other], target)
                and share >= _LEAST_SHARE
                and often >= _LEAST_TIMES
                and linked
            ):
                forms.append((share * max(returned, _LEAST_SHARE) ** 0.5, theirs[other]))
        if forms:
            table[word] = [form for _, form in sorted(forms, reverse=True)[:_MOST_FORMS]]
    return table


def _counts(word: str, language: str) -> bool:
    return len(word) > 1 and word.isalpha() and word not in FUNCTION_WORDS[language]


if __name__ == "__main__":
    main()
