"""NewsML-G2: headlines, descriptions and captions, and the page in `inlineXML` or `inlineData`."""

import html

from pipeline.documents.composite import Embedded, composed, lines_of
from pipeline.documents.document import BlockKind, Document
from pipeline.documents.html import parse_html
from pipeline.documents.markup import escape_text
from pipeline.documents.xml_tree import attributes, parse_xml
from pipeline.errors import InvalidDocument

_ROOTS = {"newsItem", "newsMessage", "packageItem"}
_TEXTS = {
    "headline": BlockKind.TITLE,
    "dateline": BlockKind.PARAGRAPH,
    "description": BlockKind.DECK,
}


def parse_newsml(source: str) -> Document:
    """The document of a NewsML-G2 item or message."""
    root = parse_xml(source)
    if root.name.rpartition(":")[2] not in _ROOTS:
        raise InvalidDocument(
            f"The root element of NewsML-G2 is <newsItem> or <newsMessage>, not <{root.name}>."
        )
    embedded = []
    for element in root.walk():
        name = element.name.rpartition(":")[2]
        content = source[element.inner : element.inner_end]
        if name == "inlineXML":
            embedded.append(Embedded(element.inner, element.inner_end, parse_html(content), str))
        elif name == "inlineData" and not element.children and "<![CDATA[" not in content:
            text = html.unescape(content)
            is_page = "html" in attributes(source, element).get("contenttype", "")
            document = parse_html(text) if is_page else lines_of(text, BlockKind.PARAGRAPH)
            embedded.append(Embedded(element.inner, element.inner_end, document, _escaped))
        elif name in _TEXTS and not element.children and "<![CDATA[" not in content:
            document = lines_of(html.unescape(content), _TEXTS[name])
            embedded.append(Embedded(element.inner, element.inner_end, document, _escaped))
    return composed("newsml", source, embedded)


def _escaped(text: str) -> str:
    return "".join(map(escape_text, text))
