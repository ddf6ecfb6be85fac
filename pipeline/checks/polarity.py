"""Find words that deny without "not": "has yet to", "disagrees", "se opone".

Their translation has to deny too. `data/polarity.*.tsv` lists such expressions of one language with what
may express them in the other; a "not" in the translation is always accepted.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.checks.lexicon import lines
from pipeline.spans import Span

_NO = {
    "es": r"\b(?:no|ni|sin|nunca|jamás|nada|nadie|ningun[oa]?s?|ningún|tampoco)\b",
    "en": r"\b(?:not|no|never|nor|neither|nobody|none|nothing|without|cannot|hardly|barely)\b|n ?['’]t\b",
}
_DENIED = re.compile(r"(?:\b(?:not|never|no|without|sin|nunca)|n ?['’]t)(?: \w+)? $", re.IGNORECASE)
"""Precedes an expression that is itself denied: "would not disagree" agrees."""


@cache
def _pairs(source: str, target: str) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    if {source, target} != {"en", "es"}:
        return []
    rows = (line.split("\t") for line in lines(f"polarity.{source}-{target}.tsv"))
    return [
        (
            re.compile(rf"\b(?:{says})\b", re.IGNORECASE),
            re.compile(rf"{_NO[target]}|{said}", re.IGNORECASE),
        )
        for says, said in rows
    ]


def lost_denials(text: str, translation: str, source: str, target: str) -> Iterator[Span]:
    """The expressions of a text that deny without "not" and that nothing in the translation expresses."""
    for says, said in _pairs(source, target):
        match = says.search(text)
        if (
            match is not None
            and said.search(translation) is None
            and not _DENIED.search(text, max(0, match.start() - 20), match.start())
        ):
            yield Span(*match.span())


def denies_without_not(text: str, source: str, target: str) -> bool:
    """Whether a text has such an expression, so that its translation may deny with "not"."""
    return any(says.search(text) for says, _ in _pairs(source, target))
