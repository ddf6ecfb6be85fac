"""Text that is returned unchanged: addresses, handles, tags, tokens, code, versions, codes, marks."""

import re
from collections.abc import Iterator

from pipeline.checks.addresses import addresses
from pipeline.figures.versions import versions
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_MARKS = re.compile(
    r"^\s*(?:[•‣▪*–-]|#{1,6})\s+"  # the marker of a list item or a heading
    r"|(?<!\s)\s*[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D\u20E3]+\s*"  # emoji
    r"|(?<!\s)\s*[|\t]\s*|(?<!\s) {3,}"  # the cells of a table
    # Data: longer than any word and most addresses. Thai, Khmer, Burmese, Chinese, Japanese: no spaces.
    r"|[^\s\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2E80-\u9FFF\U00020000-\U0003FFFF]{500,}"
)
_DATELINE = re.compile(
    r"^(?=[A-ZÀ-Þ])[^().!?:;“”«»\"]{2,60}\([^()]{2,40}\)(?P<dash>\.?\s?[-–—]{1,2}\s+)"
    r"|^[A-ZÀ-Þ]{2}[A-ZÀ-Þ ,.]{0,40}(?P<bare> [-–—]{1,2} )(?=[A-ZÀ-Þ¿¡“«\"])"
)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
"""An HTML or XML tag with its attributes."""
_TAGS = re.compile(
    TAG.pattern
    + r"|&(?:[a-z]{2,8}|#\d{1,6});(?!\d)|(?<![\w*])\*{1,3}(?=[\w¿¡])|(?<=[\w.!?])\*{1,3}(?![\w*])"
)
_TOKENS = re.compile(
    r"\{\{[^{}]{1,100}\}\}|\$?\{[^{}]{0,100}\}|%(?:\d{1,2}\$)?[sd](?!\w)|%\(\w{1,40}\)[sd]|`[^`]{1,200}`|[A-Za-z]:\\[^\s<>\"]{1,200}"
)
_PHONE = re.compile(
    r"(?<![\w.,+-])(?:\+\d{1,3}[ -]?)?(?:\(\d{2,4}\)[ -]?)?\d{2,4}(?:[ -]\d{2,4}){2,4}(?![\w]|[.,-]\d)"
    r"|(?<![\w.,+-])(?:\+\d{1,3}[ -]?)?\(\d{2,4}\)[ -]?\d{3,4}-\d{3,4}(?!\w)"
)
_CODE_MARK = re.compile(r"[{}()\[\];=<>+*/\\_&^~`]")
_CODE_SHARE = 0.14
"""Minimum share of such marks among a line's characters for it to count as code. Chosen by examples."""
_CODE_SURE = re.compile(r"[{};]\s*$|\w\([^()]*\)\s*[:{;]|[=!<>+]=|=>|</?\w+>")
_LEAST_ITEMS = 5
_LONGEST_ITEM = 5
"""Words of an item of a list between semicolons; a clause of a sentence has more."""
_LETTERS = re.compile(r"[^\W\d_]{2}")


def literal(text: str) -> Iterator[Protected]:
    """Find the spans of a text that every engine returns unchanged."""
    for match in _MARKS.finditer(text):
        yield _kept(match, How.CUT)
    items = text.split(";") if text.count(";") >= _LEAST_ITEMS - 1 else ()
    if items and all(len(item.split()) <= _LONGEST_ITEM for item in items):
        for match in re.finditer(r"\s*;\s*", text):
            yield _kept(match, How.CUT)
    if (dateline := _DATELINE.match(text)) is not None:
        group = "dash" if dateline["dash"] else "bare"
        yield Protected(Span(*dateline.span(group)), How.CUT, dateline[group])
    # Tags come before addresses: an address in an attribute is part of its tag.
    for match in _TAGS.finditer(text):
        yield _kept(match, How.CUT)
    for fact in addresses(text):
        yield Protected(fact.span, How.ADDRESS, fact.text)
    if not text.isalpha():
        for match in _TOKENS.finditer(text):
            yield _kept(match, How.NAME)
        for span in versions(text):
            yield Protected(span, How.NUMBER, text[slice(*span)])
        for match in _PHONE.finditer(text):
            yield _kept(match, How.NUMBER)


def is_code(text: str) -> bool:
    """Whether the line is from a program or data file, not a sentence; a line with tags may be a sentence."""
    text = _TAGS.sub("", text)
    marks = len(_CODE_MARK.findall(text))
    return marks > len("".join(text.split())) * _CODE_SHARE and bool(_CODE_SURE.search(text))


def has_words(text: str) -> bool:
    """Whether there is anything to translate: at least two adjacent letters."""
    return _LETTERS.search(text) is not None


def _kept(match: re.Match[str], how: How) -> Protected:
    return Protected(Span(*match.span()), how, match[0])
