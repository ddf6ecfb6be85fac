"""Find text that must be copied letter by letter: URLs, e-mail addresses, handles, hashtags."""

import re
from collections.abc import Iterable

from pipeline.checks.facts import Fact, Kind
from pipeline.spans import Span

_ADDRESS = re.compile(
    r"https?://[^\s<>\"“”«»]+"
    # Each matches only at the start of a run of its characters, never inside one: linear time on "a.a.a.".
    r"|(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+"
    r"|\bwww\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"“”«»]*)?"
    r"|(?<![\w.-])(?:[a-zA-Z0-9-]+\.)+(?:com|org|net|edu|gov|info|co|es|mx|ar|uk|cz|de|fr|eu|ve|tv|io)\b(?:/[^\s<>\"“”«»]*)?"
    r"|(?<![\w&])[@#]\w+"
)
_CLOSING = ".,;:!?)]}'’…"


def addresses(text: str) -> list[Fact]:
    """The addresses of a text, in order; the value is the address as written, with domains in lower case."""
    if not any(mark in text for mark in "@#/.") or _ADDRESS.search(text) is None:
        return []
    found = []
    for match in _ADDRESS.finditer(text):
        written = match[0].rstrip(_CLOSING)
        if written.lower().endswith(("ee.uu", "u.s")) or (
            written.startswith("#") and len(written) < 2
        ):
            continue
        value = written if "/" in written else written.lower()
        span = Span(match.start(), match.start() + len(written))
        found.append(Fact(Kind.ADDRESS, (value.rstrip("/"),), span, written))
    return found


def mask(text: str, facts: Iterable[Fact]) -> str:
    """The text with the facts blanked out, so that their contents are not read a second time."""
    parts, place = [], 0
    for start, end in sorted(fact.span for fact in facts):
        parts.append(text[place:start] + "\0" * (end - max(start, place)))
        place = max(place, end)
    return "".join(parts) + text[place:]
