"""SubRip (SRT) and WebVTT: times, numbers and settings of cues stay, their texts are translated.

A sentence may extend over several cues. It is translated as a whole and divided among as many cues, at
about the same positions in the sentence as in the source, so that viewers read what they hear.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.documents.document import Block, BlockKind, Document, Filled, Format, Inline, Part
from pipeline.documents.inline import Moved
from pipeline.documents.markup import Slot, escape_text, spell, write
from pipeline.spans import Span

LINE_LENGTH = 42
"""Maximum characters of a line, as broadcasters use; more if the source has longer lines."""
FASTEST = 20.0
"""Characters a second that a viewer can read: Netflix's limit for adults."""
_LONGEST_GAP = 3.0
"""Seconds of silence over which no sentence goes on."""
_MOST_CUES = 8
"""Maximum cues of a sentence: captions without punctuation would never end."""
_MILLISECONDS = 1000

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{1,3})"
_TIMES = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}.*$", re.MULTILINE)
_CUE_TEXT = re.compile(r"(?:\r?\n(?![^\r\n]*-->)[^\r\n]*[^\s][^\r\n]*)*")
_LINE = re.compile(r"[^\r\n]+")
_TAG = re.compile(r"<(/?)([^<>\s.]*)[^<>\n]*>|\{\\[^{}\n]*\}")
_ENTITY = re.compile(r"&(?:#\w{1,8}|\w{1,8});")
_DASH = re.compile(r"\s*[-–—]\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]♪]*\s*$")
_APART = "[(♪#"
"""Starts of cues with sounds and songs, which no sentence continues into."""
_LETTER = re.compile(r"[^\W\d_]")


def parse_srt(source: str) -> Document:
    """The document of a SubRip source."""
    return _parse(source, "srt")


def parse_vtt(source: str) -> Document:
    """The document of a WebVTT source."""
    return _parse(source, "vtt")


@dataclass(slots=True)
class _Unit:
    """A cue's text, or one speaker's line of it: its place, its characters and their markup."""

    start: int
    end: int
    begins: float
    ends: float
    text: str = ""
    spelled: list[str] = field(default_factory=list)
    inlines: list[Inline] = field(default_factory=list)
    before: str = ""
    after: str = ""
    is_line: bool = False

    def goes_on_in(self, other: "_Unit") -> bool:
        """Whether the other may have more of the same sentence."""
        if other.begins - self.ends > _LONGEST_GAP or self.is_line or other.is_line:
            return False
        if "<v" in other.before and other.before != self.before:  # somebody else speaks
            return False
        if other.text[:1] in _APART or self.text[:1] in _APART:
            return False
        return not _SENTENCE_END.search(self.text)


@dataclass(frozen=True, slots=True)
class SubtitleTemplate:
    """The source, and for each block the cues that it goes over."""

    source: str
    blocks: Sequence[Sequence[_Unit]]
    escape: Callable[[str], str]
    line_length: int

    def fill(self, blocks: Sequence[Block], parts: Mapping[int, Sequence[Part]]) -> Filled:
        """The source with the translations laid into the cues; cues that are too fast are noted."""
        pieces, place, notes = [], 0, dict[int, str]()
        for number, (block, units) in enumerate(zip(blocks, self.blocks, strict=True)):
            own = parts.get(number, ())
            if all(part.source == part.target for part in own):
                continue
            cues, fastest = self._lay_out(block, units, own)
            for unit, text in zip(units, cues, strict=True):
                pieces += [self.source[place : unit.start], text]
                place = unit.end
            if fastest > FASTEST:
                notes[number] = (
                    f"A cue has {fastest:.0f} characters a second, more than the {FASTEST:.0f} that "
                    "can be read: shorten it."
                )
        return Filled("".join([*pieces, self.source[place:]]), notes)

    def _lay_out(
        self, block: Block, units: Sequence[_Unit], parts: Sequence[Part]
    ) -> tuple[list[str], float]:
        """The text of each cue, and the characters a second of the fastest."""
        text, spelled = _joined(units)
        slot = Slot(0, 0, text, spelled, self.escape)
        moved = Moved(text, block.inline, parts)
        characters = spell(slot, parts)
        cuts = _cuts(moved, units, parts)
        newline = "\r\n" if "\r\n" in self.source else "\n"
        fastest, cues = 0.0, []
        for unit, (start, end) in zip(units, cuts, strict=True):
            wrapped = list(characters)
            for place in _line_breaks(moved.text, start, end, self.line_length):
                wrapped[place] = newline
            body = write(text, moved, block.inline, wrapped, {}, Span(start, end))
            cues.append(unit.before + body + unit.after)
            seconds = max(unit.ends - unit.begins, 0.001)
            fastest = max(fastest, (end - start) / seconds)
        return cues, fastest


def _parse(source: str, format_: Format) -> Document:
    units = [unit for unit in _units(source, decodes=format_ == "vtt") if unit.text]
    groups: list[list[_Unit]] = []
    for unit in units:
        last = groups[-1] if groups else []
        if last and len(last) < _MOST_CUES and last[-1].goes_on_in(unit):
            last.append(unit)
        else:
            groups.append([unit])
    groups = [g for g in groups if any(_LETTER.search(unit.text) for unit in g)]
    blocks, texts, length = [], [], 0
    for group in groups:
        text, _ = _joined(group)
        blocks.append(Block(BlockKind.CUE, "text", length, length + len(text), _inlines(group)))
        texts.append(text)
        length += len(text) + 2
    longest = max((len(line) for line in source.splitlines() if "-->" not in line), default=0)
    template = SubtitleTemplate(
        source,
        groups,
        escape_text if format_ == "vtt" else str,
        min(max(LINE_LENGTH, longest), 2 * LINE_LENGTH),
    )
    return Document(format_, {"text": "\n\n".join(texts)}, tuple(blocks), template)


def _units(source: str, *, decodes: bool) -> Iterator[_Unit]:
    for times in _TIMES.finditer(source):
        body = _CUE_TEXT.match(source, times.end())
        if body is None or not body.group():
            continue
        begins, ends = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        lines = list(_LINE.finditer(source, body.start(), body.end()))
        if len(lines) > 1 and all(_DASH.match(_TAG.sub("", line.group())) for line in lines[1:]):
            for line in lines:
                yield _read(source, Span(*line.span()), begins, ends, decodes, is_line=True)
        else:
            span = Span(lines[0].start(), lines[-1].end())
            yield _read(source, span, begins, ends, decodes, is_line=False)


def _read(
    source: str, span: Span, begins: float, ends: float, decodes: bool, *, is_line: bool
) -> _Unit:
    """The text of a cue, without the markup that is around all of it."""
    unit = _Unit(span.start, span.end, begins, ends, is_line=is_line)
    text, open_tags = list[str](), list[tuple[str, int]]()
    place = span.start
    if is_line and (dash := _DASH.match(source, place, span.end)):
        unit.before, place = dash.group(), dash.end()
    while place < span.end:
        tag = _TAG.match(source, place, span.end)
        entity = _ENTITY.match(source, place, span.end) if decodes else None
        if tag is not None:
            _read_tag(unit, tag, len(text), open_tags)
            place = tag.end()
            continue
        raw = entity.group() if entity else source[place]
        characters = (html.unescape(raw) or raw) if entity else raw
        place += len(raw)
        if characters.isspace():
            if text and text[-1] != " ":
                text.append(" ")
                unit.spelled.append(raw)
            elif unit.spelled:
                unit.spelled[-1] += raw
            continue
        text += characters
        unit.spelled += [raw, *[""] * (len(characters) - 1)]
    for _, number in open_tags:
        unit.inlines[number] = replace(unit.inlines[number], end=len(text))
    if text and text[-1] == " ":
        text.pop()
        unit.after = unit.spelled.pop()
    unit.text = "".join(text)
    _unwrap(unit)
    return unit


def _read_tag(
    unit: _Unit, tag: re.Match[str], place: int, open_tags: list[tuple[str, int]]
) -> None:
    closes, name = tag[1], tag[2]
    parent = open_tags[-1][1] if open_tags else None
    if closes and name in [known for known, _ in open_tags]:
        while open_tags:
            known, number = open_tags.pop()
            closing = tag.group() if known == name else ""
            unit.inlines[number] = replace(unit.inlines[number], end=place, closing=closing)
            if known == name:
                return
    unit.inlines.append(Inline(place, place, (tag.group(),), "", parent))
    if not closes and name and not name[0].isdigit():
        open_tags.append((name, len(unit.inlines) - 1))


def _unwrap(unit: _Unit) -> None:
    """Take the markup that is around all of the cue, or at its ends, out of the sentence's way."""
    length = len(unit.text)
    inner: list[Inline] = []
    kept: dict[int, int] = {}
    before, after = "", ""
    for number, inline in enumerate(unit.inlines):
        opening = "".join(map(str, inline.opening))
        if min(inline.end, length) == length and inline.start == 0 < length:
            before, after = before + opening, inline.closing + after
        elif inline.start == inline.end == 0:
            before += opening + inline.closing
        elif inline.start >= length:
            after = opening + inline.closing + after
        else:
            kept[number] = len(inner)
            parent = kept.get(inline.parent) if inline.parent is not None else None
            inner.append(replace(inline, end=min(inline.end, length), parent=parent))
    unit.inlines = inner
    unit.before, unit.after = unit.before + before, after + unit.after


def _joined(units: Sequence[_Unit]) -> tuple[str, list[str]]:
    """The text of several cues as one, and how its characters are spelled."""
    spelled: list[str] = []
    for unit in units:
        spelled += [" ", *unit.spelled] if spelled else unit.spelled
    return " ".join(unit.text for unit in units), spelled


def _inlines(units: Sequence[_Unit]) -> tuple[Inline, ...]:
    """The markup of several cues, by its places in their text as one."""
    found: list[Inline] = []
    length = 0
    for unit in units:
        before = len(found)
        found += [
            replace(
                inline,
                start=inline.start + length,
                end=inline.end + length,
                parent=None if inline.parent is None else inline.parent + before,
            )
            for inline in unit.inlines
        ]
        length += len(unit.text) + 1
    return tuple(found)


def _cuts(moved: Moved, units: Sequence[_Unit], parts: Sequence[Part]) -> list[tuple[int, int]]:
    """The span of each cue's text in the translation.

    A cut is at a space near the position of the cut in the source, preferably after a punctuation mark
    and not after a short word, which belongs to the next. Each cue gets a word while there are enough.
    """
    text = moved.text
    spaces = [place for place, character in enumerate(text) if character == " "]
    cuts, source_place, last = [], 0, -1
    for number, unit in enumerate(units[:-1]):
        source_place += len(unit.text) + (number > 0)
        wished = _share_in(moved, parts, source_place)
        left = len(units) - 2 - number
        after = [n for n in range(len(spaces)) if spaces[n] > last]
        # A space is left for each later cut; where there are fewer words than cues, the last ones stay empty.
        free = after[: max(0, len(after) - left)] or after[:1]
        if not free:
            cuts.append(len(text))
            continue
        best = min(free, key=lambda n: abs(spaces[n] - wished) + _cost(text, spaces[n]))
        last = spaces[best]
        cuts.append(last)
    starts = [0, *(min(cut + 1, len(text)) for cut in cuts)]
    return list(zip(starts, [*cuts, len(text)], strict=True))


def _share_in(moved: Moved, parts: Sequence[Part], place: int) -> float:
    """The place in the translation that is as far in its sentence as a place in the source."""
    shift = 0
    for part in parts:
        if place <= part.start:
            break
        if place < part.end:
            share = (place - part.start) / (part.end - part.start)
            return part.start + shift + share * len(part.target)
        shift += len(part.target) - (part.end - part.start)
    return min(place + shift, len(moved.text))


def _cost(text: str, place: int) -> int:
    if not text[place - 1].isalnum():
        return 0
    word = text[:place].rsplit(" ", 1)[-1]
    return 12 if len(word) <= 3 else 6


def _line_breaks(text: str, start: int, end: int, longest: int) -> list[int]:
    """The spaces at which the lines of a cue break: as few lines as fit, of like lengths."""
    count = -(-(end - start) // longest)
    breaks: list[int] = []
    place = start
    while count > 1:
        wished = place + (end - place) / count
        spaces = [n for n in range(place + 1, end) if text[n] == " "]
        if not spaces:
            break
        fitting = [n for n in spaces if n - place <= longest] or spaces[:1]
        cut = min(fitting, key=lambda n: abs(n - wished) + _cost(text, n))
        breaks.append(cut)
        place = cut + 1
        count = max(count - 1, -(-(end - place) // longest))
    return breaks


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = clock
    return (
        int(hours or 0) * 3600
        + int(minutes or 0) * 60
        + int(seconds or 0)
        + int((fraction or "0").ljust(3, "0")) / _MILLISECONDS
    )
