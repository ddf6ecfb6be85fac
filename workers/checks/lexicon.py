"""The tables under `data/`, loaded once."""

from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = (files("workers.checks.data") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Words in lower case that are no names, though a sentence or a headline may capitalise them.

    Empty for a language without a list.
    """
    return frozenset(_lines(f"words.{language}.txt")) if language in ("en", "es") else frozenset()
