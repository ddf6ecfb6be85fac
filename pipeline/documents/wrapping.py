"""Rejoin paragraphs that were wrapped at a fixed width."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from pipeline.checks.dictionary import LANGUAGES, is_word
from pipeline.checks.lexicon import FUNCTION_WORDS, ordinary_words
from pipeline.documents.lines import MARK, is_byline_with_places, kind_of_line
from pipeline.documents.tables import rows
from pipeline.normalise import Edit, Kind, Read

_NARROWEST, _WIDEST = 40, 100
"""Usual widths of wrapped lines, in characters."""
_FULL = 0.5
"""The share of the longest line's length that a line has which was cut for its width."""
_LEAST_TO_GO_ON = 15
"""Characters of a line whose last word is "the" and that goes on for it: "• en" is a menu's."""
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*$")
_CLOSED = re.compile(r"[.!?…:;]['\"”’»)\]]*$")
_HYPHENATED = re.compile(r"([^\W\d_]+)-$")
_LABEL = re.compile(r"[^.!?]{1,40}:$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"([^\W\d_]+),?$")
_DANGLING = frozenset().union(*FUNCTION_WORDS.values())


Line = tuple[int, int]


def lines_of(text: str) -> list[Line]:
    """The spans of the lines that are not blank, without the white space around them."""
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            begin = start + line.index(bare)
            spans.append((begin, begin + len(bare)))
        start += len(line)
    return spans


def unwrapped(read: Read) -> Read:
    """The text with each paragraph on one line and words hyphenated at line ends rejoined."""
    if "\n" not in read.text and "\r" not in read.text:
        return read
    spans = lines_of(read.text)
    near = [_breaks(read.text[a[1] : b[0]]) == 1 for a, b in pairwise(spans)]
    groups = _grouped(spans, near)
    edits = (edit for group in groups for edit in _joins(read.text, group))
    return read.edited(Kind.WRAPPED, edits)


def _breaks(gap: str) -> int:
    return len(gap.splitlines()) - (not gap.endswith(("\n", "\r"))) if gap else 0


def _grouped(spans: Sequence[Line], near: Sequence[bool]) -> Iterator[list[Line]]:
    """The lines with no blank one between them, together."""
    group: list[Line] = []
    for span, goes_on in zip(spans, [*near, False], strict=False):
        group.append(span)
        if not goes_on:
            yield group
            group = []


def _joins(text: str, group: Sequence[Line]) -> Iterator[Edit]:
    """The breaks of the group that are within paragraphs, as what is to stand there."""
    lines = [text[start:end] for start, end in group]
    if len(lines) < 2:
        return
    alone = _stand_alone(lines)
    open_ = [
        not (alone[n] or alone[n + 1] or MARK.match(lines[n + 1])) for n in range(len(alone) - 1)
    ]
    evident = [may and _goes_on(*pair) for may, pair in zip(open_, pairwise(lines), strict=True)]
    is_full = _fills(lines, open_, evident)
    for number, (one, other) in enumerate(pairwise(group)):
        if evident[number] or (open_[number] and is_full(number)):
            yield from _join(text, one, other)


def _stand_alone(lines: Sequence[str]) -> list[bool]:
    """Tell for each line whether it is not part of a paragraph: its kind is evident, or it is a table row."""
    in_table = rows(lines, [True] * (len(lines) - 1))
    return [
        is_row
        or kind_of_line(line) is not None
        or is_byline_with_places(line)
        or bool(_LABEL.fullmatch(line))
        for line, is_row in zip(lines, in_table, strict=True)
    ]


def _goes_on(line: str, after: str) -> bool:
    """Whether the words show that the sentence continues: in lower case, or after "the"."""
    if _HYPHENATED.search(line) and after[:1].islower():
        return True
    if _CLOSED.search(line):
        return False
    if after[:1].islower():
        return True
    last = _LAST_WORD.search(line)
    return (
        last is not None
        and last[1] in _DANGLING
        and not line.isupper()
        and len(line) >= _LEAST_TO_GO_ON
    )


def _fills(
    lines: Sequence[str], open_: Sequence[bool], evident: Sequence[bool]
) -> Callable[[int], bool]:
    """Whether a line is as long as its width allows, if the group was wrapped at one."""
    width = max(len(line) for line in lines)
    firsts = [line.split(maxsplit=1)[0] for line in lines]

    def strictly(number: int) -> bool:
        return len(lines[number]) + 1 + len(firsts[number + 1]) > width

    inside = [n for n, may in enumerate(open_) if may]
    if _NARROWEST <= width <= _WIDEST and any(evident) and all(map(strictly, inside)):
        return strictly
    if sum(evident) * 2 >= len(inside) and any(evident):
        return lambda number: (
            len(lines[number]) >= _FULL * width
            and not (_SENTENCE_END.search(lines[number]) and not strictly(number))
        )
    if len(inside) > 1 and _NARROWEST <= width <= _WIDEST and all(map(strictly, inside)):
        return strictly
    return lambda _: False


def _join(text: str, line: Line, after: Line) -> Iterator[Edit]:
    hyphenated = _HYPHENATED.search(text[max(line[0], line[1] - 60) : line[1]])
    following = _FIRST_WORD.match(text[after[0] : after[0] + 60])
    if hyphenated is None or following is None or not following[0][0].islower():
        yield Edit(line[1], after[0], " ")
    elif _is_compound(hyphenated[1], following[0], text):
        yield Edit(line[1], after[0], "")
    else:
        yield Edit(line[1] - 1, after[0], "")


def _is_compound(before: str, after: str, text: str) -> bool:
    """Whether the hyphen at the end of a line belongs to the word: "well-known"."""
    whole, compound = f"{before}{after}", f"{before}-{after}"
    if any(whole.lower() in ordinary_words(language) for language in LANGUAGES):
        return False
    if compound in text:
        return True
    return min(len(before), len(after)) >= _LEAST_PART and any(
        all(is_word(part.lower(), language) for part in (before, after)) for language in LANGUAGES
    )


_LEAST_PART = 3
"""Letters of a compound's part; shorter words are syllables as often."""
