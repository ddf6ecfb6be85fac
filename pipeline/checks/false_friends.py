"""Find words translated by a word that looks alike and means something else: "asistentes", "assistants".

The pairs are in `data/false_friends.tsv`. People translate freely and may be right with such a pair, so the
check is for a model's translations, as that of `senses` is.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.checks.dictionary import LANGUAGES
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.lexicon import lines
from pipeline.checks.reading import Reading
from pipeline.spans import Span


def false_friends(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """A flag for each such word; none except for English and Spanish."""
    if {source.language, target.language} != LANGUAGES:
        return
    for ours, theirs in _pairs(source.language):
        word = ours.search(source.text)
        friend = theirs.search(target.text) if word is not None else None
        if word is not None and friend is not None:
            message = f"“{friend[0]}” looks like “{word[0]}”, and seldom means it."
            yield CheckFlag(Code.SENSE_DOUBTFUL, message, Span(*word.span()), Span(*friend.span()))


@cache
def _pairs(language: str) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Patterns of words of the source, each with that of the word that it is confused with."""
    found = []
    for line in lines("false_friends.tsv"):
        languages, spanish, english = line.split("\t")
        if language in languages.split():
            pair = (spanish, english) if language == "es" else (english, spanish)
            ours, theirs = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in pair)
            found.append((ours, theirs))
    return found
