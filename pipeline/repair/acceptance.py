"""Whether a candidate is better than what there is: as a whole, not by its flags alone."""

from collections import Counter

from pipeline.checked import Checked
from pipeline.checks import Code
from pipeline.checks.bilingual import repeated, unsaid
from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.reading import Reading, read

COLLAPSE = 0.7
"""A candidate whose mean log-probability a token is lower by more is not kept. Chosen, not measured."""
LEAST_KEPT = 0.85
"""Of a sentence's characters: what is shorter has left something out. Chosen on two of a hundred read."""
LOOPS = {
    Code.REPETITION, Code.TRUNCATED, Code.SENTENCE_OMITTED, Code.UNTRANSLATED, Code.WRONG_LANGUAGE
}  # fmt: skip
"""What a decoder that repeats itself or stops early makes of a sentence."""


def is_better(source: str, old: Checked, new: Checked, ours: str, theirs: str) -> bool:
    """Whether the new translation has fewer flags and none new, and loses nothing that the old one said.

    It may not be much shorter, say fewer of the source's words, one of them twice, or have more words that
    no dictionary has. The model must not find it far worse.
    """
    if not Counter(f.code for f in new.flags) < Counter(f.code for f in old.flags):
        return False
    if old.score is not None and new.score is not None and new.score < old.score - COLLAPSE:
        return False
    if any(flag.code in LOOPS for flag in old.flags):
        return True  # what is said again is no loss
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
    """Whether more of the source's words are lost, or one is said twice: "dijo lo que se ha dicho"."""
    pair = source.language, before.language
    lost, now_lost = (len(unsaid(source.words, r.words, *pair)) for r in (before, after))
    twice, now_twice = (repeated(source.words, r.words, *pair) for r in (before, after))
    return now_lost > lost or now_twice > twice or _unknown(after) > _unknown(before)


def _unknown(reading: Reading) -> int:
    """How many words in small letters no dictionary has."""
    if reading.language not in LANGUAGES:
        return 0
    return sum(
        not word.capital and word.text.isalpha() and not is_word(word.lower, reading.language)
        for word in reading.words
    )
