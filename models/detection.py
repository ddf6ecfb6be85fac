"""Detection of a text's language."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

MIN_CONFIDENCE = 0.5
"""Below this, the most likely language of a news sentence is wrong too often (ADR 0004)."""
_MIN_LETTERS = 3
_MAX_CHARACTERS = 20_000
"""Only the beginning of a longer text is examined."""
_PART_CHARACTERS = 200
"""A text is divided into parts of about this length to see whether it mixes languages."""
_MIN_PART_CHARACTERS = 30
_MIN_PART_CONFIDENCE = 0.8
_MIN_MIXED_SHARE = 0.2
"""A text is mixed if at least two languages have this share of its characters."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Detection:
    """The language of a text, or None with the reason why it cannot be determined.

    `candidates` are up to three languages with their confidences, most likely first. Confidences are
    between 0 and 1.
    """

    language: str | None
    confidence: float
    reason: str | None
    candidates: list[tuple[str, float]]


def detect(text: str) -> Detection:
    """Detect the language of a text; none for a text that is too short or mixes languages."""
    text = text[:_MAX_CHARACTERS]
    candidates = _rank(text)
    language, confidence = candidates[0]
    if sum(character.isalpha() for character in text) < _MIN_LETTERS:
        return Detection(None, 0.0, "it has hardly any letters", [])
    if confidence < MIN_CONFIDENCE:
        return Detection(None, confidence, "it is too short or has too few words", candidates)
    shares = _language_shares(text)
    mixed = [name for name, share in shares.items() if share >= _MIN_MIXED_SHARE]
    if len(mixed) > 1:
        reason = f"it mixes {' and '.join(sorted(mixed))}"
        return Detection(None, shares.get(language, 0.0), reason, list(shares.items()))
    return Detection(language, confidence, None, candidates)


def likeliest(text: str, languages: Collection[str]) -> tuple[str, float]:
    """Return the most likely of some languages, however uncertain, and its confidence among them.

    Raises ValueError if none of the languages can be detected.
    """
    able = [pair for pair in _identifier().rank(text[:_MAX_CHARACTERS]) if pair[0] in languages]
    total = sum(float(share) for _, share in able)
    language, share = max(able, key=lambda pair: float(pair[1]))
    return language, float(share) / total if total else 0.0


def _language_shares(text: str) -> dict[str, float]:
    """Return each language's share of the text, largest first, counting parts that are certain."""
    sizes: dict[str, int] = {}
    for part in _parts(text):
        language, confidence = _rank(part)[0]
        if confidence >= _MIN_PART_CONFIDENCE:
            sizes[language] = sizes.get(language, 0) + len(part)
    total = sum(sizes.values())
    ordered = sorted(sizes.items(), key=lambda item: -item[1])
    return {language: size / total for language, size in ordered}


def _parts(text: str) -> list[str]:
    """Divide a text between sentences; short sentences share a part."""
    parts = [""]
    for sentence in _SENTENCE_END.split(text):
        is_full = len(parts[-1]) + len(sentence) > _PART_CHARACTERS
        if is_full or min(len(parts[-1]), len(sentence)) > _MIN_PART_CHARACTERS:
            parts.append("")
        parts[-1] += " " + sentence
    return parts


def _rank(text: str) -> list[tuple[str, float]]:
    """Return the three most likely languages with their confidences, most likely first."""
    return [(label, float(share)) for label, share in _identifier().rank(text)[:3]]


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
