"""Sentences that need the one before them: "His deputy …", "That is the question", "As a result, …"."""

import re

from pipeline.checks.quotes import quotes
from pipeline.phrases import phrases

_LEANING = {
    language: phrases(f"summaries/data/leaning_{language}.txt") for language in ("en", "es")
}
_OPENING = "“\"'‘«([¡¿—– "
_LOOK = 500
"""Characters of a sentence that are looked at."""


def leans(text: str, language: str) -> bool:
    """Whether the sentence is understood only after the one before it, as far as its words show.

    So it is where a quotation that it begins or ends is not whole. No other language than English and
    Spanish is known.
    """
    pattern = _LEANING.get(language)
    part = text[:_LOOK]
    if pattern is not None and (pattern.match(part) or pattern.match(part.lstrip(_OPENING))):
        return True
    _, unpaired = quotes(text)
    return bool(unpaired)


def asks(text: str) -> bool:
    """Whether the sentence is a bare question."""
    return text.rstrip("”\"'»’) ").endswith("?")


_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


def finished(text: str) -> str:
    """The sentence with a full stop, which the items of a list often lack."""
    return text if _END.search(text) else f"{text.rstrip(',')}."
