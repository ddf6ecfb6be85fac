"""Correct names that a model spells with another language's accents: "Valência" for "Valencia"."""

import re

from pipeline.checks.reading import read
from pipeline.spans import replace_spans

_FOREIGN = {
    "es": re.compile(r"[^\Wa-záéíóúüñ\d_]", re.IGNORECASE),
    "en": re.compile(r"[^\Wa-z\d_]", re.IGNORECASE),
}
"""Letters that a language uses only in names from other languages."""


def spelled_as_in_source(text: str, original: str, source: str, target: str) -> str:
    """Spell names as in the source where the translation has accents that the target language lacks.

    A name that has the same accents in the source is kept.
    """
    foreign = _FOREIGN.get(target)
    if foreign is None or foreign.search(text) is None:
        return text
    ours = {word.folded: word.text for word in read(original, source).words if word.capital}
    return replace_spans(
        text,
        (
            (word.span, ours[word.folded])
            for word in read(text, target).words
            if word.capital
            and word.folded in ours
            and set(foreign.findall(word.text)) - set(foreign.findall(ours[word.folded]))
        ),
    )
