"""The tokens of an HTML source with their places, by the HTML Standard's tokenizer (section 13.2.5).

Parsers build a tree and forget how the source was spelled. Here the spans of the tokens follow each
other without a gap, so that joined they are the source, whatever it is; nothing is an error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span

_SPACE = r"[\t\n\f\r ]"
_ATTRIBUTE = rf"""
    (?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*+)
    (?:{_SPACE}*+={_SPACE}*+
        (?:"(?P<double>[^"]*+)(?:"|\Z)
          |'(?P<single>[^']*+)(?:'|\Z)
          |(?P<bare>[^\t\n\f\r >"'][^\t\n\f\r >]*+))?
    )?+
"""
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE)
_TAG = re.compile(
    rf"<(/?)([A-Za-z][^\t\n\f\r />]*+)(?:(?:[\t\n\f\r /]++|{_UNNAMED})*+)(>|\Z)", re.VERBOSE
)
_NAMED = re.compile(_ATTRIBUTE, re.VERBOSE)
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_BOGUS = re.compile(r"<[!?/][^>]*+>?")
_RAW = frozenset({"script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"})
"""Elements whose content ends at their own end tag, whatever else stands in it."""
_FOREIGN = frozenset({"svg", "math"})
_SCRIPT_MARKS = re.compile(r"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


class Kind(StrEnum):
    """What a token is; `RAW` is the content of an element like `script`."""

    TEXT = "text"
    START = "start"
    END = "end"
    COMMENT = "comment"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Token:
    """The span `[start, end)` of a source; `name` is a tag's, or that of the element it is the content of."""

    kind: Kind
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a start tag: the span of its value in the source, without quotation marks."""

    name: str
    value: Span
    quote: str


def tokens(source: str, *, is_xml: bool = False) -> Iterator[Token]:
    """The tokens of the source; their spans follow each other and cover it.

    XML is read like a foreign element of HTML: it has CDATA, and no element with raw content.
    """
    place = text = 0
    foreign = int(is_xml)
    while (place := source.find("<", place)) >= 0:
        token = _token(source, place, is_foreign=foreign > 0)
        if token is None:
            place += 1
            continue
        if text < place:
            yield Token(Kind.TEXT, text, place)
        yield token
        text = place = token.end
        closes_itself = source[token.start : token.end].endswith("/>")
        if token.kind is Kind.START and token.name in _FOREIGN and not closes_itself:
            foreign += 1
        elif token.kind is Kind.END and token.name in _FOREIGN:
            foreign = max(foreign - 1, int(is_xml))
        elif token.kind is Kind.START and not foreign and token.name == "plaintext":
            break
        elif token.kind is Kind.START and not foreign and token.name in _RAW:
            text = place = _end_of_raw(source, token.end, token.name)
            if token.end < place:
                yield Token(Kind.RAW, token.end, place, token.name)
    if text < len(source):
        yield Token(Kind.TEXT, text, len(source))


def attributes(source: str, tag: Token) -> Iterator[Attribute]:
    """The attributes of a start tag, in order."""
    place = tag.start + 1 + len(tag.name)
    while match := _NAMED.search(source, place, tag.end - 1):
        for group, quote in (("double", '"'), ("single", "'"), ("bare", "")):
            if match[group] is not None:
                yield Attribute(match["name"].lower(), Span(*match.span(group)), quote)
        place = match.end()


def _token(source: str, place: int, *, is_foreign: bool) -> Token | None:
    """The tag or comment that begins at `<`; None where that is text."""
    if tag := _TAG.match(source, place):
        # A tag that the end of the source breaks off is none, and is never shown.
        kind = Kind.COMMENT if not tag[3] else Kind.END if tag[1] else Kind.START
        return Token(kind, place, tag.end(), tag[2].lower())
    if is_foreign and (data := _CDATA.match(source, place)):
        return Token(Kind.COMMENT, place, data.end())
    if comment := _COMMENT.match(source, place) or (
        _BOGUS.match(source, place) if place + 2 < len(source) else None
    ):
        return Token(Kind.COMMENT, place, comment.end())
    return None


def _end_of_raw(source: str, place: int, name: str) -> int:
    """Where the content of a raw element ends."""
    if name == "script":
        return _end_of_script(source, place)
    end = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE).search(source, place)
    return end.start() if end else len(source)


def _end_of_script(source: str, place: int) -> int:
    """Where a script ends: not at the end of one that is written inside of a comment in it."""
    escaped = doubly = False
    for mark in _SCRIPT_MARKS.finditer(source, place):
        if mark.group() == "<!--":
            escaped = True
        elif mark.group() == "-->":
            escaped = doubly = False
        elif not mark[1]:
            doubly = escaped
        elif doubly:
            doubly = False
        else:
            return mark.start()
    return len(source)
