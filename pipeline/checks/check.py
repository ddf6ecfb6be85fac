"""The entry point of the checks: takes a segment and its translation, returns flags."""

from collections.abc import Iterator, Sequence

from pipeline.checks.additions import added_markup, remark, repeated_source, wrong_script
from pipeline.checks.agreement import disagreements, mixed_genders
from pipeline.checks.bilingual import content, untranslated_words
from pipeline.checks.compare_figures import compare_calendar, compare_numbers, compare_scores
from pipeline.checks.compare_names import (
    compare_addresses,
    compare_countries,
    compare_names,
    compare_speakers,
)
from pipeline.checks.completeness import is_truncated, omits, vanished
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.language import copied, other_language
from pipeline.checks.negation import denials, may_deny, may_mean_denial
from pipeline.checks.phrasebook import is_known_phrase
from pipeline.checks.polarity import denies_without_not, lost_denials
from pipeline.checks.quotes import has_marks, unpaired_single
from pipeline.checks.reading import Reading, read
from pipeline.checks.repetition import loop
from pipeline.checks.signs import lost_signs
from pipeline.checks.spelling import NO_SPELLINGS, Spellings
from pipeline.checks.vocabulary import unknown
from pipeline.spans import Span


def check(
    source: str,
    target: str,
    source_language: str,
    target_language: str,
    own: Spellings = NO_SPELLINGS,
) -> list[CheckFlag]:
    """The flags for an editor on the translation of one segment; empty if there is nothing to look at.

    Languages are tags as in `models.routes`. English and Spanish are covered fully; for other languages
    only numbers in digits, names by their spelling, and checks that need no vocabulary are run. `own` maps
    words of the source, folded, to words that the newsroom writes for them. Never raises.
    """
    ours, theirs = read(source, source_language), read(target, target_language)
    foreign = list(_language(ours, theirs))
    changed_names = list(compare_names(ours, theirs, own))
    return [
        *compare_numbers(ours, theirs),
        *compare_scores(ours, theirs),
        *compare_calendar(ours, theirs),
        *compare_countries(ours, theirs),
        *changed_names,
        *compare_speakers(ours, theirs),
        *compare_addresses(ours, theirs),
        *lost_signs(ours, theirs),
        *_quotes(ours, theirs),
        *(_negation(ours, theirs) if not foreign else ()),
        *_completeness(ours, theirs),
        *_additions(ours, theirs),
        *foreign,
        *(_meaning(ours, theirs) if not foreign and not changed_names else ()),
        *(_words(ours, theirs, own, changed_names) if not foreign else ()),
        *(_agreement(theirs) if not foreign else ()),
    ]


def _quotes(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    if len(target.unpaired) > len(source.unpaired) + unpaired_single(source.text):
        message = "A quotation mark has no partner."
        yield CheckFlag(Code.QUOTE_UNBALANCED, message, None, target.unpaired[-1])
    elif source.quotes and not target.quotes and not has_marks(target.text):
        fact = source.quotes[0]
        yield CheckFlag(
            Code.QUOTE_LOST, f"The quotation {fact.text} lost its quotation marks.", fact.span
        )


def _negation(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    # Words left untranslated, such as those of a title, keep their negation.
    copied = {word.text for word in target.words} & {fact.text for fact in source.negations}
    may_be_lost = source.negations and not copied
    if may_be_lost and not may_deny(target.text, target.words, target.language):
        fact = source.negations[0]
        message = f"“{fact.text}” is not in the translation: it may say the opposite."
        yield CheckFlag(Code.NEGATION_LOST, message, fact.span)
        return
    for span in lost_denials(source.text, target.text, source.language, target.language):
        message = (
            f"“{source.text[slice(*span)]}” is not in the translation: it may say the opposite."
        )
        yield CheckFlag(Code.NEGATION_LOST, message, span)
        return
    added = denials(target.negations, target.language)
    if (
        added
        and not may_mean_denial(source.text, source.words, source.language)
        and not denies_without_not(source.text, source.language, target.language)
    ):
        fact = added[0]
        message = f"“{fact.text}” is not in the source: the translation may say the opposite."
        yield CheckFlag(Code.NEGATION_ADDED, message, None, fact.span)


def _completeness(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    if (span := loop(source.words, target.words)) is not None:
        again = target.text[span.start : span.end]
        yield CheckFlag(Code.REPETITION, f"The translation repeats itself: “{again}”.", None, span)
    if is_truncated(source, target):
        end = Span(target.words[-1].span.start, len(target.text))
        yield CheckFlag(Code.TRUNCATED, "The translation breaks off.", None, end)
    elif omits(source, target):
        message = "The translation is much shorter than the source: something is left out."
        yield CheckFlag(Code.SENTENCE_OMITTED, message)
    for span in vanished(source, target):
        message = f"“{source.text[slice(*span)]}” is missing from the translation."
        yield CheckFlag(Code.SENTENCE_OMITTED, message, span)


def _additions(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    if (span := remark(source, target)) is not None:
        message = f"“{target.text[slice(*span)]}” is a remark of the model, not a translation."
        yield CheckFlag(Code.CHATTER, message, None, span)
    if (span := added_markup(source, target)) is not None:
        message = f"“{target.text[slice(*span)]}” has marks of formatting that the source lacks."
        yield CheckFlag(Code.MARKUP_ADDED, message, None, span)
    for span in wrong_script(source, target):
        message = f"“{target.text[slice(*span)]}” has letters of another script."
        yield CheckFlag(Code.WRONG_SCRIPT, message, None, span)


_MOST_UNTRANSLATED = 0.8
"""Maximum share of a sentence's words without a known translation; one human translation in 200 has more."""
_LEAST_WORDS = 5
_SHORT_LINE = 4
"""Maximum words of a line that is short enough for its whole translation to be made up."""
_LEAST_SHARED = 4
"""Minimum letters of a name that both texts share."""


def _meaning(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag translations that express nothing of the source: "Perfecto." translated as "I'll get it."."""
    languages = source.language, target.language
    known = content(source.words, *languages)
    lost = untranslated_words(source.words, target.words, *languages)
    if len(known) >= _LEAST_WORDS:
        unrelated = len(lost) > _MOST_UNTRANSLATED * len(known)
    else:
        # For a short line, one name or figure in both texts is enough.
        same = {word.folded for word in source.words} & {word.folded for word in target.words}
        unrelated = (
            0 < len(known) == len(lost)
            and len(source.words) <= _SHORT_LINE
            and not any(len(word) >= _LEAST_SHARED or word[0].isdigit() for word in same)
            and bool(content(target.words, *reversed(languages)))
        )
    if unrelated and not is_known_phrase(source.text, target.text, *languages):
        message = "Nothing in the translation seems to say what the source says."
        yield CheckFlag(Code.UNRELATED, message, Span(lost[0].span.start, lost[-1].span.end))


def _words(
    source: Reading, target: Reading, own: Spellings, told: Sequence[CheckFlag]
) -> Iterator[CheckFlag]:
    """Flag unknown words, except those already flagged as the changed form of a name."""
    for span in unknown(source, target, own):
        if any(flag.target == span for flag in told):
            continue
        message = (
            f"“{target.text[slice(*span)]}” is in no dictionary: made up, or left untranslated."
        )
        yield CheckFlag(Code.UNKNOWN_WORD, message, None, span)


def _agreement(target: Reading) -> Iterator[CheckFlag]:
    for span, right in disagreements(target.text, target.language):
        wrong = target.text[slice(*span)]
        message = f"“{wrong}” does not agree: write “{right}”."
        yield CheckFlag(Code.AGREEMENT, message, None, span)
    for span in mixed_genders(target.text, target.language):
        message = f"“{target.text[slice(*span)]}” does not agree: one is masculine, one feminine."
        yield CheckFlag(Code.AGREEMENT, message, None, span)


def _language(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    span = copied(source, target) or repeated_source(source, target)
    if span is not None:
        message = f"“{target.text[span.start : span.end]}” is not translated."
        yield CheckFlag(Code.UNTRANSLATED, message, None, span)
    elif source.language != target.language and (other := other_language(target)) is not None:
        message = f"The translation seems to be in “{other}”, not in “{target.language}”."
        yield CheckFlag(Code.WRONG_LANGUAGE, message, None, Span(0, len(target.text)))
