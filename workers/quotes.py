"""Quotation marks in the house's style, paired and nested, across the sentences of a paragraph.

Models are trained on straight marks and give them back (`models.codec`). Which of them open and which
close is told by what stands around each and by what is open already; each becomes one character, so
that places in a text stay right.
"""

from collections.abc import Sequence

from models.languages import normalize
from service.schemas import QuoteStyle

_MARKS: dict[QuoteStyle, tuple[tuple[str, str], tuple[str, str]]] = {
    "curly": (("“", "”"), ("‘", "’")),
    "angled": (("«", "»"), ("“", "”")),
}
"""Of each style the outer pair and the inner one."""
_STYLED = {"en", "es", "pt", "it", "ca", "gl", "eu"}
"""Languages whose press uses either style; others' marks stay as the model wrote them."""
_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‛"
_OPENING = "“„‟«‘‚‛"
_BEFORE_OPENING = "([{¿¡—–-/"


def in_style(sentences: Sequence[str], style: QuoteStyle, language: str) -> list[str]:
    """The sentences of one paragraph with their quotation marks in the style; no length changes.

    A quotation that is open at a sentence's end goes on in the next. Apostrophes are none of it.
    """
    if normalize(language) not in _STYLED:
        return list(sentences)
    open_marks: list[str] = []
    return [_restyled(sentence, _MARKS[style], open_marks) for sentence in sentences]


def _restyled(text: str, pairs: Sequence[tuple[str, str]], open_marks: list[str]) -> str:
    """The text with its marks restyled; `open_marks` are the kinds of mark open, which it updates."""
    characters = list(text)
    for place, character in enumerate(text):
        kind = '"' if character in _DOUBLE else "'" if character in _SINGLE else ""
        if not kind or (kind == "'" and _is_apostrophe(text, place, open_marks)):
            continue
        if _opens(text, place, kind, open_marks):
            open_marks.append(kind)
            characters[place] = pairs[min(len(open_marks), len(pairs)) - 1][0]
        else:
            depth = _close(open_marks, kind)
            characters[place] = pairs[min(depth, len(pairs)) - 1][1]
    return "".join(characters)


def _is_apostrophe(text: str, place: int, open_marks: Sequence[str]) -> bool:
    before, after = _around(text, place)
    if before.isalnum():
        return after.isalnum() or "'" not in open_marks
    # What opens with a single mark must close with one: "'90s" does not.
    return "'" not in open_marks and not any(
        mark in _SINGLE and not _around(text, end)[1].isalnum()
        for end, mark in enumerate(text)
        if end > place + 1
    )


def _opens(text: str, place: int, kind: str, open_marks: Sequence[str]) -> bool:
    before, after = _around(text, place)
    is_free = not before.strip() or before in _BEFORE_OPENING or before in _OPENING
    if before in _DOUBLE + _SINGLE and before not in _OPENING:
        is_free = place < 2 or not text[place - 2].strip()
    leads = bool(after.strip()) and after not in ",.;:!?)]}"
    if is_free != leads or not is_free:
        # Space on both sides or on none: it closes what is open.
        return kind not in open_marks if is_free or leads else False
    return True


def _around(text: str, place: int) -> tuple[str, str]:
    return text[place - 1 : place], text[place + 1 : place + 2]


def _close(open_marks: list[str], kind: str) -> int:
    """Close the innermost open mark of the kind, and what is left open inside it; its depth."""
    while open_marks:
        depth = len(open_marks)
        if open_marks.pop() == kind:
            return depth
    return 1
