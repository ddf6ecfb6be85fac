"""Other translations of a sentence, for an editor to choose from: of the whole, or of a part of it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from models.engines.translator import Decoding, Output
from pipeline.checked import examine
from pipeline.spans import Span
from pipeline.translate import Align, PreparedTranslation

SEARCHED = Decoding(hypotheses=8)
"""As many hypotheses as `best` compares."""

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


def whole(
    prepared: PreparedTranslation, outputs: Sequence[Output], align: Align
) -> Iterator[tuple[str, float | None]]:
    """The hypotheses in the house style with their scores, the model's best first.

    A text of several sentences has the best hypotheses of each, then the second ones, and so on.
    """
    choices = [(output, *output.alternatives) for output in outputs]
    names, route = prepared.house.names, prepared.route
    for rank in range(max(map(len, choices), default=0)):
        picked = [of_one[min(rank, len(of_one) - 1)] for of_one in choices]
        checked = [
            examine(one.text, output, route.source, route.target, names, one.terms)
            for one, output in zip(prepared.inputs, picked, strict=True)
        ]
        yield (prepared.assemble(checked, align).text or "").strip(), picked[0].score


def with_part(current: str, part: Span, other: str) -> tuple[str, Span]:
    """The current text with its part as the other text has it, and the place of what is new.

    The part grows to whole words, and to the ends of the differences that it touches. Where it touches
    none, the text stays as it is.
    """
    ours, theirs = _TOKENS.findall(current), _TOKENS.findall(other)
    first, last = _token_at(ours, part.start), _token_at(ours, part.end - 1)
    touched = [
        change
        for change in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        if change[0] != "equal" and change[1] <= last and max(change[2] - 1, change[1]) >= first
    ]
    if not touched:
        return current, part
    (_, our_start, _, their_start, _), (_, _, our_end, _, their_end) = touched[0], touched[-1]
    before, new = "".join(ours[:our_start]), "".join(theirs[their_start:their_end])
    return before + new + "".join(ours[our_end:]), Span(len(before), len(before) + len(new))


def _token_at(tokens: Sequence[str], place: int) -> int:
    """The number of the token in which a character stands."""
    return bisect_right(list(accumulate(map(len, tokens))), place)
