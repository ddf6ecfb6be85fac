"""Normalise a text, and record where each of its characters was in the text as sent.

Newsrooms receive texts with soft hyphens, zero-width spaces, entities, letters separated from their
accents, and letters decoded with the wrong encoding ("EspaÃ±a"), none of which models were trained on.
Corrections are recorded; doubtful cases are recorded but not changed.
"""

import html
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import ftfy


class Kind(StrEnum):
    """What was abnormal in the text."""

    MOJIBAKE = "mojibake"
    ENTITIES = "entities"
    INVISIBLE = "invisible"
    UNICODE = "unicode"
    WRAPPED = "wrapped"


@dataclass(frozen=True, slots=True)
class Edit:
    """The span `[start, end)` of a text, and its replacement."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A span of the text as sent, and its replacement; one that is not `applied` is only proposed.

    `after` is empty if there is nothing to propose.
    """

    kind: Kind
    start: int
    end: int
    before: str
    after: str
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """A normalised text.

    `places` has the position in `sent` of each character, and finally that of the end of the text.
    """

    sent: str
    text: str
    places: Sequence[int]
    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Read":
        """The text, unchanged."""
        return cls(text, text, range(len(text) + 1))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in `sent` that corresponds to the span `[start, end)` in `text`."""
        return self.places[start], self.places[end]

    def edited(self, kind: Kind, edits: Iterable[Edit]) -> "Read":
        """Apply the edits, which are in text order and do not overlap, and record each."""
        parts: list[str] = []
        places = array("q")
        changes: list[Change] = []
        end = 0
        for edit in edits:
            parts += (self.text[end : edit.start], edit.text)
            places.extend(self.places[end : edit.start])
            last = min(edit.end, len(self.text))
            places.extend(self.places[min(edit.start + n, last)] for n in range(len(edit.text)))
            start, stop = self.span(edit.start, edit.end)
            changes.append(Change(kind, start, stop, self.sent[start:stop], edit.text))
            end = edit.end
        if not changes:
            return self
        parts.append(self.text[end:])
        places.extend(self.places[end:])
        return Read(self.sent, "".join(parts), places, (*self.changes, *changes))

    def noted(self, changes: Iterable[Change]) -> "Read":
        """The same text with more changes recorded."""
        return Read(self.sent, self.text, self.places, (*self.changes, *changes))


def normalise(text: str) -> Read:
    """Repair certain mojibake, decode entities, and remove invisible characters.

    Letters and their accents become one character where Unicode has one (NFC).
    """
    read = Read.of(text)
    if text.isascii() and "&" not in text and _CONTROLS.search(text) is None:
        return read
    repairs = list(_mojibake(text))
    read = read.edited(Kind.MOJIBAKE, (edit for edit, certain in repairs if certain))
    read = read.noted(
        Change(Kind.MOJIBAKE, e.start, e.end, text[e.start : e.end], e.text, applied=False)
        for e, certain in repairs
        if not certain
    )
    read = read.edited(Kind.ENTITIES, _entities(read.text))
    read = read.edited(Kind.INVISIBLE, _invisible(read.text))
    return read.edited(Kind.UNICODE, _composed(read.text))


_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LOST = re.compile(r"[^\s\ufffd]*\ufffd\S*")
_LOOK_ONLY = "decode_inconsistent_utf8"
"""ftfy's step for lines of which only a part was decoded wrongly: it is more error-prone."""


def _mojibake(text: str) -> Iterator[tuple[Edit, bool]]:
    """Find places that were decoded wrongly, and whether the repair is certain."""
    for match in _LINE.finditer(text):
        line, start = match[0], match.start()
        if line.isascii():
            continue
        if "\ufffd" in line:
            for lost in _LOST.finditer(line):
                yield Edit(start + lost.start(), start + lost.end(), ""), False
            continue
        right, steps = ftfy.fix_encoding_and_explain(line)
        if right == line:
            continue
        certain = "\ufffd" not in right and all(_LOOK_ONLY not in step for step in steps or ())
        edits = _by_run(line, right, steps or ()) if certain else [Edit(0, len(line), right)]
        for edit in edits:
            yield Edit(start + edit.start, start + edit.end, edit.text), certain


def _by_run(line: str, right: str, steps: Sequence[ftfy.ExplanationStep]) -> list[Edit]:
    """The repair of a line, place by place; as a single edit if that would give a different result.

    Wrongly decoded text is a run of non-ASCII characters.
    """
    edits: list[Edit] = []
    parts: list[str] = []
    end = 0
    try:
        for run in _NOT_ASCII.finditer(line):
            instead = ftfy.apply_plan(run[0], list(steps))
            parts += (line[end : run.start()], instead)
            end = run.end()
            if instead != run[0]:
                edits.append(Edit(run.start(), run.end(), instead))
    except UnicodeError:
        return [Edit(0, len(line), right)]
    return edits if "".join(parts) + line[end:] == right else [Edit(0, len(line), right)]


_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(r"</[A-Za-z][^<>]{0,40}>|<[A-Za-z][^<>]{0,200}/>")
_SYNTAX = frozenset("<>&\"'")


def _entities(text: str) -> Iterator[Edit]:
    """Replace entities with their characters; in a text with tags, all except those of the syntax."""
    has_tags = "<" in text and _TAG.search(text) is not None
    for match in _ENTITY.finditer(text):
        character = html.unescape(match[0])
        known = character != match[0] and "\ufffd" not in character and "\0" not in character
        if known and not (has_tags and character in _SYNTAX):
            yield Edit(match.start(), match.end(), character)


_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]+"
)
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_JOINERS = re.compile(r"(?<![^\x00-\u024f])[\u200c\u200d]+(?![^\x00-\u024f])")
"""They join nothing between Latin letters; in other scripts, and in emoji, they do."""
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def _invisible(text: str) -> Iterator[Edit]:
    """Find characters that are invisible; direction marks are kept next to right-to-left script."""
    for line in _LINE.finditer(text):
        if line[0].isascii() and _CONTROLS.search(line[0]) is None:
            continue
        found = [*_UNSEEN.finditer(line[0]), *_JOINERS.finditer(line[0])]
        if _RIGHT_TO_LEFT.search(line[0]) is None:
            found += _DIRECTION.finditer(line[0])
        for match in sorted(found, key=re.Match.start):
            yield Edit(line.start() + match.start(), line.start() + match.end(), "")


_RUN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_SAME = str.maketrans(
    {letter: unicodedata.normalize("NFKC", letter) for letter in map(chr, range(0xFB00, 0xFB07))}
    | {"\u2010": "-", "\u2011": "-"}
)
"""Ligatures (ﬁ) and hyphens of other widths: the same to a reader."""


def _composed(text: str) -> Iterator[Edit]:
    """Find runs to compose in form NFC. A run ends before ASCII, which combines with nothing before it."""
    for match in _RUN.finditer(text):
        written = unicodedata.normalize("NFC", match[0].translate(_SAME))
        if written != match[0]:
            # The unchanged beginning keeps its positions.
            yield Edit(match.start(), match.end(), written)
