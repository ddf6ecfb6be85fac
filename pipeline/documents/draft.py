"""A block that is being read: its text so far, how that is spelled, and the markup in it."""

import re
from dataclasses import dataclass, field, replace

from pipeline.documents.document import Inline
from pipeline.documents.markup import Escape, Slot, close_inline

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Draft:
    """A block and its span in the source; `start` is negative until there is something in it."""

    start: int = -1
    end: int = -1
    text: list[str] = field(default_factory=list)
    spelled: list[str] = field(default_factory=list)
    inlines: list[Inline] = field(default_factory=list)
    open_inlines: list[tuple[str, int]] = field(default_factory=list)

    def extend(self, start: int, end: int) -> None:
        """Extend the block by the source from `start` to `end`."""
        if self.start < 0:
            self.start = start
        self.end = end

    def add(self, characters: str, raw: str) -> None:
        """Add characters that are spelled together."""
        self.text += characters
        self.spelled += [raw, *[""] * (len(characters) - 1)]

    def keep(self, text: str, raw: str) -> None:
        """Add markup with a text that is not translated."""
        start = len(self.text)
        self.text += text
        self.spelled += text
        self.inlines.append(Inline(start, len(self.text), (raw,), "", self.parent(), kept=True))

    def point(self, *opening: str | int) -> None:
        """Add markup that covers no text; a number is a block that is in it."""
        place = len(self.text)
        self.inlines.append(Inline(place, place, opening, "", self.parent()))

    def open(self, name: str, raw: str) -> None:
        """Open markup."""
        self.point(raw)
        self.open_inlines.append((name, len(self.inlines) - 1))

    def close(self, name: str, raw: str) -> None:
        """Close the last markup of this name; one that is in another block covers all before it."""
        close_inline(self.inlines, self.open_inlines, name, len(self.text), raw)

    def finish(self, escape: Escape) -> tuple[Slot, tuple[Inline, ...]] | None:
        """The slot and the inlines of the block; None if nothing in it is to be translated."""
        text = "".join(self.text)
        kept = {n for i in self.inlines if i.kept for n in range(i.start, i.end)}
        if not any(_LETTER.match(c) for n, c in enumerate(text) if n not in kept):
            return None
        for _, number in self.open_inlines:
            self.inlines[number] = replace(self.inlines[number], end=len(text))
        return Slot(self.start, self.end, text, self.spelled, escape), tuple(self.inlines)

    def parent(self) -> int | None:
        """The number of the markup that is open; None outside of any."""
        return self.open_inlines[-1][1] if self.open_inlines else None
