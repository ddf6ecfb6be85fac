"""Decide whether a candidate is better than the current translation, as a whole and not by flags alone."""

from collections import Counter

from pipeline.checked import Checked
from pipeline.checks import Code
from pipeline.checks.bilingual import repeated, unsaid
from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.reading import Reading, read

COLLAPSE = 0.7
"""Maximum drop in mean log-probability per token for a candidate to be kept. Chosen, not measured."""
LEAST_KEPT = 0.85
"""Minimum share of the old text's characters: a shorter candidate has left something out. Chosen on two of
a hundred sentences read."""
LOOPS = {
    Code.REPETITION, Code.TRUNCATED, Code.SENTENCE_OMITTED, Code.UNTRANSLATED, Code.WRONG_LANGUAGE
}  # fmt: skip
"""Flags that typically come from a decoder that repeats itself or stops early."""


def is_better(source: str, old: Checked, new: Checked, ours: str, theirs: str) -> bool:
    """Whether the new translation has fewer flags and no new ones, and loses nothing that the old one had.

    It may not be much shorter, express fewer of the source's words, translate one of them twice, or have
    more words that are in no dictionary. The model must not score it far lower.
    """
    if not Counter(f.code for f in new.flags) < Counter(f.code for f in old.flags):
        return False
    if old.score is not None and new.score is not None and new.score < old.score - COLLAPSE:
        return False
    if any(flag.code in LOOPS for flag in old.flags):
        return True  # dropping repetitions is no loss
    if len(new.text) < LEAST_KEPT * len(old.text):
        return False
    text, before, after = read(source, ours), read(old.text, theirs), read(new.text, theirs)
    return _countries(text, before) <= _countries(text, after) and not _says_less(
        text, before, after
    )


def _countries(source: Reading, target: Reading) -> set[str]:
    ours = {code for fact in source.countries for code in fact.values}
    return {code for fact in target.countries for code in fact.values} & ours


def _says_less(source: Reading, before: Reading, after: Reading) -> bool:
    """Whether more source words are lost or said twice ("dijo lo que se ha dicho"), or more words are
    unknown.
    """
    pair = source.language, before.language
    lost, now_lost = (len(unsaid(source.words, r.words, *pair)) for r in (before, after))
    twice, now_twice = (repeated(source.words, r.words, *pair) for r in (before, after))
    return now_lost > lost or now_twice > twice or _unknown(after) > _unknown(before)


def _unknown(reading: Reading) -> int:
    """The number of lower-case words that are in no dictionary."""
    if reading.language not in LANGUAGES:
        return 0
    return sum(
        not word.capital and word.text.isalpha() and not is_word(word.lower, reading.language)
        for word in reading.words
    )
