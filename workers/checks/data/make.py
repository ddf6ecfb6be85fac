"""Count the word lists in parallel texts: `python -m workers.checks.data.make FOLDER`.

FOLDER holds pairs of files of lines, `NAME.en.xz` and `NAME.es.xz`.
"""

import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 3
"""Seen less often in lower case, a word may be a slip in the texts."""


def ordinary(lines: Iterable[str]) -> list[str]:
    """The words that stand in lower case at least as often as with a capital inside a sentence."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for line in lines:
        for place, word in enumerate(_WORD.findall(line)):
            if word.islower():
                small[word] += 1
            elif place:
                capital[word.lower()] += 1
    return sorted(w for w, n in small.items() if n >= _LEAST and n >= capital[w])


def _lines(folder: Path, language: str) -> Iterator[str]:
    for path in sorted(folder.glob(f"*.{language}.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from lines


def main() -> None:
    """Write `words.en.txt` and `words.es.txt`."""
    folder = Path(sys.argv[1])
    for language in ("en", "es"):
        words = ordinary(_lines(folder, language))
        (HERE / f"words.{language}.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
