"""Sentences that depend on the one before: "His deputy …", "That is the question", "As a result, …"."""

import re

from pipeline.checks.quotes import quotes
from pipeline.phrases import compile_expressions

_LEANING = {
    language: compile_expressions(f"summaries/data/leaning_{language}.txt")
    for language in ("en", "es")
}
_OPENING = "“\"'‘«([¡¿—– "
_LOOK = 500
"""Maximum number of characters of a sentence that are examined."""


def leans(text: str, language: str) -> bool:
    """Whether the sentence can only be understood after the one before it, judging by its words.

    This includes a sentence that begins or ends an incomplete quotation. Only English and Spanish are
    supported.
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
    """The sentence with a full stop, which list items often lack."""
    return text if _END.search(text) else f"{text.rstrip(',')}."
