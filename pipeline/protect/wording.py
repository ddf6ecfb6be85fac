"""Text that is reworded for the model: abbreviations, dialogue, denials, dashes, capitals.

The original text is not restored: the rewording is translated.
"""

import re
from collections.abc import Iterator

from pipeline.protect.rewordings import rewordings
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_DASH = re.compile(r"(?<=[^\W\d_,.!?)\]”’\"]) ?[—–―] ?(?=[^\W_])|(?<=\S) [—–―] (?=\S)")
"""A dash between clauses, but not in a range of figures."""
_DIALOGUE = re.compile(r"^\s*[—–―](?=[\w¿¡«\"“…])")
_RAYA = re.compile(r"\s*[—–―]\s*")


def wording(text: str, source: str, unknown: frozenset[str]) -> Iterator[Protected]:
    """Find the spans of a text that are reworded for the model."""
    for span, rewording in rewordings(text, source):
        yield _worded(span, rewording)
    if source == "es" and _DIALOGUE.match(text):
        yield from _dialogue(text)
    else:
        for match in _DASH.finditer(text):
            yield Protected(Span(*match.span()), How.DASH, match[0].strip(), " - ")
    yield from _capitals(text, unknown)


def _dialogue(text: str) -> Iterator[Protected]:
    """Turn the dashes of Spanish dialogue into quotation marks: —No —dijo—. Sí."""
    marks = list(_RAYA.finditer(text))
    says = text[marks[0].end() :][:1].islower()  # "—preguntó ella.": after a question, cut off
    open_ = not says
    yield _worded(Span(*marks[0].span()), '"' if open_ else "")
    for mark in marks[1:]:
        after = text[mark.end() : mark.end() + 1]
        if open_:
            yield _worded(Span(*mark.span()), '", ' if text[mark.start() - 1].isalnum() else '" ')
        elif after in (".", ",", ";", ":") and text[mark.end() + 1 :].strip():
            end = mark.end() + 1
            end += len(text[end:]) - len(text[end:].lstrip())
            yield _worded(Span(mark.start(), end), f'{after} "')
        elif not text[mark.end() :].strip(" .,;:"):
            yield _worded(Span(*mark.span()), "")
            return
        else:
            yield _worded(Span(*mark.span()), ' "')
        open_ = not open_
    if open_:
        end = len(text.rstrip())
        yield Protected(Span(end, end), How.WORDING, "", '"')


def _capitals(text: str, unknown: frozenset[str]) -> Iterator[Protected]:
    """Find words in capitals with letters that the model knows only in lower case: ESPAÑA."""
    if unknown.isdisjoint(text):
        return
    for match in re.finditer(r"[^\W\d_]{2,}", text):
        word = match[0]
        small = word[0] + word[1:].lower()
        if word.isupper() and not unknown.isdisjoint(word) and unknown.isdisjoint(small):
            yield _worded(Span(*match.span()), small)


def _worded(span: Span, rewording: str) -> Protected:
    return Protected(span, How.WORDING, "", rewording)
