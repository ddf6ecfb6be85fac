"""The texts: sentences of news commentary, an item each."""

import lzma
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

ARTICLE_WORDS = 400
HEADLINE_WORDS = 6


def sentences(source: Path, count: int) -> list[str]:
    """Different sentences of 8 to 40 words."""
    with lzma.open(source, "rt", encoding="utf-8") as file:
        fitting = (line.strip() for line in file if 8 <= len(line.split()) <= 40)
        texts = list(islice(dict.fromkeys(fitting), count))
    if len(texts) < count:
        raise SystemExit(f"{source} has {len(texts)} sentences, {count} are needed")
    return texts


def headlines(source: Path, count: int) -> list[str]:
    """Different beginnings of sentences, of six words: as short as headlines are."""
    short = dict.fromkeys(
        " ".join(text.split()[:HEADLINE_WORDS]) for text in sentences(source, 2 * count)
    )
    return list(islice(short, count))


def articles(sentences: Sequence[str]) -> Iterator[str]:
    """Texts of 400 words, none twice."""
    words = " ".join(sentences).split()
    for start in range(0, len(words) - ARTICLE_WORDS, ARTICLE_WORDS):
        yield " ".join(words[start : start + ARTICLE_WORDS])
