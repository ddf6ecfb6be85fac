"""Divide a text with one paragraph a line into blocks: the kind of each line, by its words and position."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.documents.boilerplate import is_furniture, teaser_start
from pipeline.documents.document import Block, BlockKind
from pipeline.documents.lines import (
    MARK,
    author_of,
    dateline_end,
    frame,
    is_byline_with_places,
    is_signed_post,
    kind_of_line,
)
from pipeline.documents.tables import rows
from pipeline.documents.wrapping import lines_of

_TITLE_WORDS = 25
_HEADING_WORDS = 12
_DECK_WORDS = 40
_DECK_OVERLAP = 0.4
"""Minimum share of a deck's words that the first paragraph of the story repeats."""
_LABEL_WORDS = 5
_MOST_ABOVE = 3
"""Number of lines under a title that may contain a deck or a byline without "by"."""

_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_WORD = re.compile(r"\w{4,}|\d+")
_INTERVIEW = re.compile(
    r"(?P<question>Q|P|Question|Pregunta)\s?[:.]\s+(?=\S)|(?P<answer>A|R|Answer|Respuesta)\s?[:.]\s+(?=\S)"
)
_LABEL = re.compile(r"(?P<name>[A-ZÁÉÍÓÚÑ][^.:!?\n]{0,38}):\s+(?=\S)")
_LABEL_ALONE = re.compile(r"[A-ZÁÉÍÓÚÑ][^.!?:]{0,40}:?$")
_BULLET = re.compile(r"[-*•‣▪·–]")
_ABOUT = frozenset({BlockKind.BYLINE, BlockKind.TIMESTAMP, BlockKind.DATELINE})


@dataclass(slots=True)
class _Line:
    """A line of a text: its span, the characters before and after its text, and what it is."""

    start: int
    end: int
    text: str
    lead: int = 0
    tail: int = 0
    mark: str = ""
    kind: BlockKind | None = None
    label: int = 0
    """Number of characters at the start of the text that name its speaker."""
    question: bool = False
    teaser: int = 0
    """Number of characters of a link to the whole story after the text; `gap` is the space before it."""
    gap: int = 0


def keep_some_story(blocks: Sequence[Block]) -> Sequence[Block]:
    """Treat the text as the story if it consists of boilerplate only: boilerplate surrounds a story."""
    if any(block.kind is not BlockKind.FURNITURE for block in blocks):
        return blocks
    return [replace(block, kind=BlockKind.PARAGRAPH) for block in blocks]


def find_blocks(field: str, text: str, *, may_have_title: bool) -> list[Block]:
    """Find the blocks of a field's text, in reading order; the first may be the title."""
    lines = [_line(text, start, end) for start, end in lines_of(text)]
    near = [len(text[one.end : other.start].splitlines()) <= 1 for one, other in pairwise(lines)]
    _tell_alone(lines, near)
    _tell_furniture(lines)
    _tell_labels(lines)
    _tell_by_neighbours(lines, near)
    story = [line for line in lines if line.kind is not BlockKind.FURNITURE]
    _tell_headings(story, may_have_title=may_have_title)
    _tell_speeches(story)
    _tell_authors(story)
    return [block for line in lines for block in _blocks(field, line)]


def _line(text: str, start: int, end: int) -> _Line:
    lead, tail = frame(text[start:end])
    mark = MARK.match(text, start + lead, end - tail)
    size = len(mark[0]) if mark else 0
    inside = text[start + lead + size : end - tail]
    teaser = teaser_start(inside)
    story = inside[:teaser].rstrip()
    line = _Line(start, end, story, lead + size, tail, mark[0].strip() if mark else "")
    line.teaser, line.gap = len(inside) - teaser, teaser - len(story)
    if mark and mark["heading"]:
        line.kind = BlockKind.HEADING
    return line


def _tell_alone(lines: Sequence[_Line], near: Sequence[bool]) -> None:
    """The kinds that a line shows by itself, and rows of tables."""
    for line, is_row in zip(lines, rows([line.text for line in lines], near), strict=True):
        if line.kind is None and not line.mark:
            line.kind = BlockKind.TABLE_ROW if is_row else kind_of_line(line.text)
    for number, line in enumerate(lines):
        beside = lines[max(number - 1, 0)], lines[min(number + 1, len(lines) - 1)]
        listed = _BULLET.match(line.mark) or any(o is not line and o.mark for o in beside)
        # "4. WHAT DATA" alone is a heading with a number, not a list.
        if line.kind is None and line.mark and listed:
            line.kind = BlockKind.LIST_ITEM


def _tell_labels(lines: Sequence[_Line]) -> None:
    """Labels of speakers: "Q:" and "A:", a repeated name before a colon, or a name on its own line."""
    inline = [_LABEL.match(line.text) if line.kind is None else None for line in lines]
    names = Counter(match["name"] for match in inline if match and _is_short(match["name"]))
    alone = Counter(line.text for line in lines if _is_label(line))
    speakers = {name for name, times in names.items() if times > 1}
    interview = {bool(m["question"]) for line in lines if (m := _INTERVIEW.match(line.text))}
    for number, line in enumerate(lines):
        if line.kind is not None:
            continue
        said = inline[number]
        if len(interview) > 1 and (match := _INTERVIEW.match(line.text)):
            line.label, line.question = match.end(), bool(match["question"])
        elif said and len(names) > 1 and speakers and _is_short(said["name"]):
            line.label, line.question = said.end(), line.text.rstrip().endswith("?")
        elif alone[line.text] > 1 and number + 1 < len(lines) and not _is_label(lines[number + 1]):
            line.kind = BlockKind.SPEAKER


def _is_short(label: str) -> bool:
    return len(label.split()) <= _LABEL_WORDS


def _is_label(line: _Line) -> bool:
    """Whether a line may name the speaker of the next line: it ends in a colon or is in capitals."""
    return (
        line.kind is None
        and _is_short(line.text)
        and _LABEL_ALONE.match(line.text) is not None
        and (line.text.endswith(":") or (line.text.isupper() and len(line.text) > 1))
    )


def _tell_furniture(lines: Sequence[_Line]) -> None:
    beside = [line.kind in _ABOUT for line in lines]
    found = is_furniture([_with_mark(line) for line in lines], beside)
    for line, is_out in zip(lines, found, strict=True):
        if is_out:
            line.kind = BlockKind.FURNITURE


def _with_mark(line: _Line) -> str:
    return f"{line.mark} {line.text}" if line.mark else line.text


def _tell_by_neighbours(lines: Sequence[_Line], near: Sequence[bool]) -> None:
    """A caption is directly above its credit, a social media message directly above its signature."""
    for number, (line, after) in enumerate(pairwise(lines)):
        if line.kind not in (None, BlockKind.POST):
            continue
        if is_signed_post(after.text):
            line.kind = BlockKind.POST
        elif (
            after.kind is BlockKind.CREDIT
            and near[number]
            and (number == 0 or not near[number - 1])
        ):
            line.kind = BlockKind.CAPTION


def _tell_headings(story: Sequence[_Line], *, may_have_title: bool) -> None:
    """The title, the deck, and short lines that head what follows."""
    if may_have_title and len(story) > 1 and story[0].kind in (None, BlockKind.HEADING):
        first = story[0]
        if not first.label and _is_heading(first.text, _TITLE_WORDS):
            first.kind = BlockKind.TITLE
            below = [line for line in story[1:] if line.kind is None]
            for line in story[1 : 1 + _MOST_ABOVE]:
                if line.kind is None and is_byline_with_places(line.text):
                    line.kind = BlockKind.BYLINE
            below = [line for line in story[1:] if line.kind is None and not line.label]
            if (
                len(below) > 1
                and below[0] in story[1 : 1 + _MOST_ABOVE]
                and _is_deck(below[0].text, below[1].text)
            ):
                below[0].kind = BlockKind.DECK
    for line in story[:-1]:
        if (
            line.kind is None
            and not line.label
            and not line.mark
            and _is_heading(line.text, _HEADING_WORDS)
        ):
            line.kind = BlockKind.HEADING


def _tell_speeches(story: Sequence[_Line]) -> None:
    """Questions and answers: what stands under or behind the label of a speaker."""
    speaks = False
    for line in story:
        if line.kind is BlockKind.SPEAKER:
            speaks = True
        elif line.label or (speaks and line.kind in (None, BlockKind.HEADING)):
            is_question = line.question or line.text.endswith("?")
            line.kind = BlockKind.QUESTION if is_question else BlockKind.ANSWER
        else:
            speaks = False


def _tell_authors(story: Sequence[_Line]) -> None:
    """A note about the author, if the byline has the name or the story has ended."""
    bylines = " ".join(line.text for line in story if line.kind is BlockKind.BYLINE).casefold()
    for number, line in enumerate(story):
        name = author_of(line.text) if line.kind is None else None
        if name and (name.casefold() in bylines or number == len(story) - 1):
            line.kind = BlockKind.NOTE


def _is_heading(line: str, most_words: int) -> bool:
    return (
        len(line) <= most_words * _LONGEST_WORD
        and len(line.split()) <= most_words
        and any(character.isalpha() for character in line)
        and (not _END.search(line) or line.endswith("?"))
    )


_LONGEST_WORD = 20


def _is_deck(line: str, lead: str) -> bool:
    """Whether the line is a deck: it sums up the story, so the first paragraph repeats its words."""
    words = set(_WORD.findall(line.casefold()))
    again = set(_WORD.findall(lead.casefold()))
    is_short = len(words) > 0 and len(line.split()) <= _DECK_WORDS
    return is_short and len(words & again) / len(words) >= _DECK_OVERLAP


def _blocks(field: str, line: _Line) -> Iterator[Block]:
    """The blocks of the line: its label, its text, and the link at its end."""
    kind = line.kind or BlockKind.PARAGRAPH
    if kind is BlockKind.FURNITURE:
        yield Block(kind, field, line.start, line.end)
        return
    start, lead = line.start, line.lead
    text_start = line.start + line.lead
    if line.label:
        end = text_start + len(line.text[: line.label].rstrip())
        yield Block(BlockKind.SPEAKER, field, start, end, lead=lead)
        start, lead = text_start + line.label, 0
    elif kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and (size := dateline_end(line.text)):
        end = text_start + len(line.text[:size].rstrip())
        yield Block(BlockKind.DATELINE, field, start, end, lead=lead)
        start, lead = text_start + size, 0
    if not line.teaser:
        yield Block(kind, field, start, line.end, lead=lead, tail=line.tail)
        return
    end = text_start + len(line.text)
    yield Block(kind, field, start, end, lead=lead)
    yield Block(BlockKind.FURNITURE, field, end + line.gap, line.end, tail=line.tail)
