"""ninjs 1.x and 2.x: the news item of the IPTC in JSON, with its pictures' captions."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.documents.composite import Embedded, composed, lines_of
from pipeline.documents.document import BlockKind, Document
from pipeline.documents.html import parse_html
from pipeline.errors import InvalidDocument

_TEXTS = {
    "headline": BlockKind.TITLE,
    "title": BlockKind.TITLE,
    "description_text": BlockKind.DECK,
    "description_caption": BlockKind.CAPTION,
    "body_text": BlockKind.PARAGRAPH,
}
_PAGES = {"description_html", "body_html", "body_xhtml"}
_LISTS = {
    "headlines": BlockKind.TITLE,
    "descriptions": BlockKind.DECK,
    "bodies": BlockKind.PARAGRAPH,
}
"""The lists of ninjs 2: objects with a `value` and its `contenttype`."""
_TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*+"|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True)
class JsonText:
    """A string of the source: its path, its value, and the span of its literal without the quotes."""

    path: tuple[str, ...]
    value: str
    start: int
    end: int


def parse_ninjs(source: str) -> Document:
    """The document of a ninjs item."""
    item = _load(source)
    embedded = []
    for text in texts_of_json(source):
        document = _document(text, item)
        if document is not None:
            encode = _encoder(source[text.start : text.end])
            embedded.append(Embedded(text.start, text.end, document, encode))
    return composed("ninjs", source, embedded)


def _load(source: str) -> dict[str, Any]:
    try:
        item = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument(f"The document is not valid JSON: {error}.") from None
    if not isinstance(item, dict):
        raise InvalidDocument("A ninjs item is a JSON object.")
    return item


def _document(text: JsonText, item: Any) -> Document | None:
    """The document that a string is; None where it is none to translate."""
    *around, name = text.path
    if name in _TEXTS:
        return lines_of(text.value, _TEXTS[name])
    if name in _PAGES:
        return parse_html(text.value)
    if name == "value" and len(around) > 1 and around[-2] in _LISTS:
        owner = item
        for step in around:
            owner = owner[int(step)] if isinstance(owner, list) else owner[step]
        if "html" in str(owner.get("contenttype", "")):
            return parse_html(text.value)
        return lines_of(text.value, _LISTS[around[-2]])
    return None


def texts_of_json(source: str) -> Iterator[JsonText]:
    """The strings of a valid source that are values."""
    path: list[str] = []
    is_object: list[bool] = []
    expects_key = False
    for match in _TOKEN.finditer(source):
        token = match.group()
        if token[0] == '"':
            value = json.loads(token)
            if expects_key:
                path[-1], expects_key = value, False
            else:
                yield JsonText(tuple(path), value, match.start() + 1, match.end() - 1)
        elif token in "{[":
            is_object.append(token == "{")
            path.append("0")
            expects_key = token == "{"
        elif token in "}]":
            is_object.pop()
            path.pop()
            expects_key = False
        elif token == ",":
            expects_key = is_object[-1]
            if not expects_key:
                path[-1] = str(int(path[-1]) + 1)


def _encoder(literal: str) -> Callable[[str], str]:
    """How to write a string: slashes and letters outside of ASCII escaped where the source has it so."""
    has_slashes = r"\/" in literal
    is_ascii = r"\u" in literal and literal.isascii()

    def encode(text: str) -> str:
        written = json.dumps(text, ensure_ascii=is_ascii)[1:-1]
        return written.replace("/", r"\/") if has_slashes else written

    return encode
