"""Translate phrases that are whole lines, in English and Spanish: "Perfecto.", "Weather", "Well done!"."""

from collections.abc import Mapping
from functools import cache

from pipeline.checks.lexicon import lines


@cache
def phrasebook(source: str, target: str) -> Mapping[str, str]:
    """The phrases of one language by key, with the other language's version; empty for other pairs."""
    if {source, target} != {"en", "es"}:
        return {}
    found: dict[str, str] = {}
    for line in lines("phrases.tsv"):
        english, spanish = line.split("\t")
        ours, theirs = (english, spanish) if source == "en" else (spanish, english)
        for phrase in ours.split("|"):
            found.setdefault(phrase_key(phrase), theirs.split("|")[0])
    return found


def phrase_key(phrase: str) -> str:
    """The lookup key of a phrase: lower case, plain apostrophes, no punctuation around it."""
    return phrase.lower().replace("’", "'").strip(' .,:;!?…¡¿"“”«»')


def is_known_phrase(text: str, translation: str, source: str, target: str) -> bool:
    """Whether the phrasebook has this translation for the text."""
    known = phrasebook(source, target).get(phrase_key(text))
    return known is not None and phrase_key(known) == phrase_key(translation)
