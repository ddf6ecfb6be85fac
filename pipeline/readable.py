"""What of a text a model is to read: not emoji, list marks, the bars of a table, endless words, or code.

A model's vocabulary has none of them, and drops them or loops on them. They stay as they are; what stands
between them is translated.
"""

import re
from collections.abc import Iterator

_KEPT = re.compile(
    r"^\s*[•‣▪*–-]\s+"  # the mark of a list's item
    r"|(?<!\s)\s*[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D\u20E3]+\s*"  # emoji
    r"|(?<!\s)\s*[|\t]\s*"  # a table's cells
    # No word is so long, nor most addresses: data. Thai, Khmer, Burmese, Chinese, Japanese do not part words.
    r"|[^\s\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2E80-\u9FFF\U00020000-\U0003FFFF]{500,}"
)
_CODE_MARK = re.compile(r"[{}()\[\];=<>+*/\\_&^~`]")
_CODE_SHARE = 0.14
"""The share of such marks among a line's characters from which it may be code. Chosen by examples."""
_CODE_SURE = re.compile(r"[{};]\s*$|\w\([^()]*\)\s*[:{;]|[=!<>+]=|=>|</?\w+>")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def readable(text: str) -> Iterator[tuple[str, bool]]:
    """The text in parts, each with whether it is to be translated; joined they are the text."""
    if is_code(text):
        yield text, False
        return
    place = 0
    for match in _KEPT.finditer(text):
        yield from _part(text[place : match.start()])
        yield match.group(), False
        place = match.end()
    yield from _part(text[place:])


def _part(text: str) -> Iterator[tuple[str, bool]]:
    if text:
        yield text, _LETTERS.search(text) is not None


def is_code(text: str) -> bool:
    """Whether the line is a program's or a data file's, not a sentence."""
    marks = len(_CODE_MARK.findall(text))
    return marks > len("".join(text.split())) * _CODE_SHARE and bool(_CODE_SURE.search(text))
