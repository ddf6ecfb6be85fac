"""Abbreviations that a model spells in its own ways, as the target spells them."""

import re

_SPELLED = {"es": (re.compile(r"\bEE\.\s?U{1,3}\b\.{0,2}"), "EE. UU.")}
"""By language. Of 98 sentences of news with "U.S." or the like the embedded model wrote "EE.UUU." or "EE.U."
in 15; the spelling is the Real Academia's (Ortografía de la lengua española, 2010)."""


def spelled(text: str, language: str) -> str:
    """The text with its abbreviations in the one spelling."""
    if language not in _SPELLED:
        return text
    pattern, right = _SPELLED[language]
    return pattern.sub(right, text)
