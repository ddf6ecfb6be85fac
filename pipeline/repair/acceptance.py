"""Decide whether a candidate is better than the current translation, as a whole and not by flags alone."""

from collections import Counter
from collections.abc import Sequence

from pipeline.checked import Checked
from pipeline.checks import Code
from pipeline.checks.bilingual import content, repeated, untranslated_words
from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.lexicon import FUNCTION_WORDS
from pipeline.checks.reading import Reading, read
from pipeline.checks.spelling import distance
from pipeline.checks.words import Word
from pipeline.spans import Span

COLLAPSE = 0.7
"""Maximum drop in mean log-probability per token for a candidate to be kept. Chosen, not measured."""
LEAST_KEPT = 0.85
"""Minimum share of the old text's characters: a shorter candidate has left something out. Chosen on two of
a hundred sentences read."""
NEAR = 0.25
"""Maximum distance between the positions of a word and its translation, as a share of their texts."""
_RESPELLED = 2
"""Maximum letters in which a respelling differs from the invented word."""
_LEAST_CONTENT = 4
"""Minimum letters of a word that is expected to have a translation of its own."""
LOOPS = {
    Code.REPETITION, Code.TRUNCATED, Code.SENTENCE_OMITTED, Code.UNTRANSLATED, Code.WRONG_LANGUAGE
}  # fmt: skip
"""Flags that typically come from a decoder that repeats itself or stops early."""


def is_better(
    source: str,
    old: Checked,
    new: Checked,
    ours: str,
    theirs: str,
    terms: Sequence[Span] = (),
) -> bool:
    """Whether the new translation has fewer flags and no new ones, and loses nothing that the old one had.

    It may not be much shorter, express fewer of the source's words, translate one of them twice, or have
    more words that are in no dictionary. The model must not score it far lower. `terms` are the spans of
    terms of a glossary, whose translation is not the dictionary's.
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
    return (
        _keeps_countries(text, before, after)
        and not _says_less(text, before, after, terms)
        and not _guesses(text, before, after)
    )


def _keeps_countries(source: Reading, before: Reading, after: Reading) -> bool:
    """Whether no country of the source is lost, and none is added that the source lacks."""
    ours, old, new = (
        {code for fact in reading.countries for code in fact.values}
        for reading in (source, before, after)
    )
    # By spelling, since an invented word may be a demonym but for an accent: "islandes", "islandés".
    added = {
        code for fact in after.countries if fact.text not in before.text for code in fact.values
    }
    return old & ours <= new and added <= ours


def _guesses(source: Reading, before: Reading, after: Reading) -> bool:
    """Whether a real word replaces an invented one, and nothing shows that it has the right sense.

    Nothing shows it where a source word nearby has no known translation, unless the real word is a
    respelling of the invented one. "islas" for "islanders" would take the flag away and tell a falsehood.
    """
    said = {word.lower for word in after.words}
    new = said - {word.lower for word in before.words}
    for word in _unknown(before):
        if word.lower in said or any(
            distance(one, word.lower, _RESPELLED) <= _RESPELLED for one in new
        ):
            continue
        if any(_is_beside(one, word, source, before) for one in _untranslatable(source, before)):
            return True
    return False


def _untranslatable(source: Reading, target: Reading) -> list[Word]:
    """The source's words in lower case that should have a translation, and for which none is known."""
    known = {word.span for word in content(source.words, source.language, target.language)}
    small = FUNCTION_WORDS.get(source.language, frozenset())
    return [
        word
        for word in source.words
        if word.span not in known
        and word.lower not in small
        and not word.capital
        and word.text.isalpha()
        and len(word.text) >= _LEAST_CONTENT
    ]


def _is_beside(ours: Word, theirs: Word, source: Reading, target: Reading) -> bool:
    """Whether two words are at about the same position of their texts."""
    far = ours.span.start / len(source.text) - theirs.span.start / len(target.text)
    return abs(far) < NEAR


def _says_less(source: Reading, before: Reading, after: Reading, terms: Sequence[Span]) -> bool:
    """Whether more source words are lost or said twice ("dijo lo que se ha dicho"), or more words are
    unknown.
    """
    pair = source.language, before.language
    ours = [
        word
        for word in source.words
        if not any(term.start <= word.span.start < term.end for term in terms)
    ]
    lost, now_lost = (len(untranslated_words(ours, r.words, *pair)) for r in (before, after))
    twice, now_twice = (repeated(ours, r.words, *pair) for r in (before, after))
    return now_lost > lost or now_twice > twice or len(_unknown(after)) > len(_unknown(before))


def _unknown(reading: Reading) -> list[Word]:
    """The lower-case words that are in no dictionary."""
    if reading.language not in LANGUAGES:
        return []
    return [
        word
        for word in reading.words
        if not word.capital and word.text.isalpha() and not is_word(word.lower, reading.language)
    ]
