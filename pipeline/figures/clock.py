"""Clock times that are written differently in the target language: "2.47pm", "20.30 h", "1030 GMT"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.spans import Span

_ZONE = r"(?:GMT|UTC|BST|CET|CEST|EST|EDT|ET|PST|PDT|PT|IST|AEST|ART|CST)"
_ENGLISH = re.compile(
    r"(?<![\w.,:/$£€-])(?P<hour>1[0-2]|0?[1-9])(?:[.:](?P<minute>[0-5]\d))? ?"
    r"(?P<half>[ap])(?:m\b|\.m\.(?!\w))"
    rf"|(?<![\w.,:/$£€-])(?P<hour24>[01]?\d|2[0-3])\.(?P<minute24>[0-5]\d)(?= {_ZONE}\b)"
    rf"|(?<![\w.,:/$£€-])(?P<hours>[01]\d|2[0-3])(?P<minutes>[0-5]\d)(?= {_ZONE}\b)",
)
_SPANISH = re.compile(
    r"(?<![\w.,:/-])(?P<hour24>[01]?\d|2[0-3])[.:](?P<minute24>[0-5]\d) ?"
    r"(?:h\b\.?(?! ?[A-Z])|hs\b|hrs\b|horas\b)"
    rf"|(?<![\w.,:/-])(?P<hours>[01]?\d|2[0-3])\.(?P<minutes>[0-5]\d)(?= {_ZONE}\b)"
)
_ZONED = re.compile(rf" {_ZONE}\b")


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day, with its position in the text; `zoned` if a time zone follows."""

    span: Span
    hour: int
    minute: int
    zoned: bool

    def written(self, language: str) -> str:
        """Write it in 12-hour form in English, unless a zone follows; in 24-hour form in other languages."""
        if language == "en" and not self.zoned:
            half = "p.m." if self.hour >= 12 else "a.m."
            minute = f":{self.minute:02}" if self.minute else ""
            return f"{(self.hour + 11) % 12 + 1}{minute} {half}"
        return f"{self.hour}:{self.minute:02}"


def clock_times(text: str, language: str) -> Iterator[ClockTime]:
    """Find the times of a text that are not in the form "14:05", which is read in every language."""
    pattern = {"en": _ENGLISH, "es": _SPANISH}.get(language)
    if pattern is None:
        return
    for match in pattern.finditer(text):
        groups = match.groupdict()
        hour = int(groups.get("hour") or match["hour24"] or match["hours"])
        minute = int(groups.get("minute") or match["minute24"] or match["minutes"] or 0)
        if half := groups.get("half"):
            hour = hour % 12 + 12 * (half == "p")
        yield ClockTime(Span(*match.span()), hour, minute, bool(_ZONED.match(text, match.end())))
