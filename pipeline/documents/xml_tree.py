"""The elements of an XML source with their places, read without entities, DTDs or anything from outside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.errors import InvalidDocument

DEEPEST = 200
"""How deep elements may be nested: office files have about 30."""
_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|<(?P<closing>/?)(?P<name>[^\s/>]+)(?:[^\"'>]|\"[^\"]*\"|'[^']*')*?(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(slots=True)
class Element:
    """An element `[start, end)` of a source, and its content `[inner, inner_end)`.

    `name` has the prefix that the source has.
    """

    name: str
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    children: "list[Element]" = field(default_factory=list)

    def walk(self) -> "Iterator[Element]":
        """The element and all in it, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)

    def child(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)


def parse_xml(source: str) -> Element:
    """The root element of a source.

    Raises InvalidDocument where it is not well-formed, has a DTD, or is nested too deep.
    """
    _check(source)
    root = Element("", 0, 0, len(source), len(source))
    open_elements = [root]
    for token in _TOKEN.finditer(source):
        if token["name"] is None:
            continue
        if token["closing"]:
            element = open_elements.pop()
            element.inner_end, element.end = token.start(), token.end()
            continue
        element = Element(token["name"], token.start(), token.end(), token.end(), token.end())
        open_elements[-1].children.append(element)
        if not token["empty"]:
            open_elements.append(element)
    return root.children[0]


def attributes(source: str, element: Element) -> dict[str, str]:
    """The attributes of an element as they are spelled."""
    tag = source[element.start + 1 + len(element.name) : element.inner]
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def attribute_spans(source: str, element: Element) -> Iterator[tuple[str, int, int]]:
    """The attributes of an element with the places of their values."""
    start = element.start + 1 + len(element.name)
    for match in _ATTRIBUTE.finditer(source, start, element.inner):
        group = 2 if match[2] is not None else 3
        yield match[1], *match.span(group)


def _check(source: str) -> None:
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def start(_: str, __: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise InvalidDocument(f"Elements are nested more than {DEEPEST} deep.")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise InvalidDocument("XML with a document type definition is not accepted: remove it.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        # An encoding that the source declares is that of bytes; here they are read already.
        parser.Parse(source.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise InvalidDocument(f"The XML is not well-formed: {error}.") from None
