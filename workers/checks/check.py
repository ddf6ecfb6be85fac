"""The front of the checks: a segment and its translation in, flags out."""

from workers.checks.compare import compare_names, compare_numbers
from workers.checks.flags import Code, Flag
from workers.checks.reading import read
from workers.checks.repetition import loop


def check(source: str, target: str, source_language: str, target_language: str) -> list[Flag]:
    """What an editor should look at in the translation of one segment; empty if nothing.

    Languages are tags as in `models.languages`. English and Spanish are known well; of others numbers
    in digits, names by their spelling and what needs no words are checked. Never raises.
    """
    ours, theirs = read(source, source_language), read(target, target_language)
    flags = [*compare_numbers(ours, theirs), *compare_names(ours, theirs)]
    if (span := loop(source, target)) is not None:
        again = target[span.start : span.end]
        flags.append(
            Flag(Code.REPETITION, f"The translation repeats itself: “{again}”.", None, span)
        )
    return flags
