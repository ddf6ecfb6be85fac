"""What language a text is in; and when that cannot be told."""

import re
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LEAST_CONFIDENCE = 0.5
"""Below it the first guess on news sentences is wrong too often to translate on (see ADR 0004)."""
_PART = 200
"""Characters of a part that is judged by itself, to see whether a text is mixed."""
_PART_CONFIDENCE = 0.8
_MIXED_SHARE = 0.2
_LONGEST = 20_000
"""Characters that are looked at; the language of a book is told by its beginning."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Detection:
    """The language (None where it cannot be told, with the reason) and the likeliest three.

    Confidences are from 0 to 1.
    """

    language: str | None
    confidence: float
    reason: str | None
    candidates: list[tuple[str, float]]


def detect(text: str) -> Detection:
    """The language of a text; a text that is too short or of several languages gets none."""
    text = text[:_LONGEST]
    candidates = _rank(text)
    language, confidence = candidates[0]
    if sum(character.isalpha() for character in text) < 3:
        return Detection(None, 0.0, "there are hardly any letters in it", [])
    if confidence < LEAST_CONFIDENCE:
        return Detection(None, confidence, "it is too short or has too few words", candidates)
    others = _shares(text)
    mixed = [name for name, share in others.items() if share >= _MIXED_SHARE]
    if len(mixed) > 1:
        reason = f"it is mixed: {' and '.join(sorted(mixed))}"
        return Detection(None, others.get(language, 0.0), reason, list(others.items()))
    return Detection(language, confidence, None, candidates)


def _shares(text: str) -> dict[str, float]:
    """The share of the text's characters in each language that a part of it is surely in."""
    sizes: dict[str, int] = {}
    for part in _parts(text):
        language, confidence = _rank(part)[0]
        if confidence >= _PART_CONFIDENCE:
            sizes[language] = sizes.get(language, 0) + len(part)
    total = sum(sizes.values())
    ordered = sorted(sizes.items(), key=lambda item: -item[1])
    return {language: size / total for language, size in ordered}


def _parts(text: str) -> list[str]:
    parts = [""]
    for sentence in _SENTENCE_END.split(text):
        if len(parts[-1]) + len(sentence) > _PART or (len(parts[-1]) > 30 and len(sentence) > 30):
            parts.append("")
        parts[-1] += " " + sentence
    return parts


def _rank(text: str) -> list[tuple[str, float]]:
    """The three likeliest languages, the likeliest first."""
    return [(label, float(share)) for label, share in _identifier().rank(text)[:3]]


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
