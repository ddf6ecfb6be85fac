"""Labels in a translated file: its language and direction, and that a model wrote it.

HTML gets `lang`, `dir` and two `meta` elements, ninjs `language` and `digitalSourceType`, NewsML-G2
`xml:lang` and `digitalSourceType`. The other formats have no place for them.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from babel import Locale, UnknownLocaleError

from models.language_codes import primary_subtag
from pipeline.documents.html_tokens import Attribute, Kind, Token, attributes, tokens
from pipeline.documents.ninjs import texts_of_json
from pipeline.documents.xml_tree import Element, attribute_spans, parse_xml

_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The vocabulary of IPTC for `digitalSourceType`."""
_BEFORE_TYPE = {"icon", "urgency", "contentCreated", "contentModified"}
"""What stands before `digitalSourceType` in the `contentMeta` of NewsML-G2."""
_META = "digital-source-type"

Edit = tuple[int, int, str]
"""A span of a source, and what is written there instead."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a file is labelled with: languages, who wrote its sentences, and the models' ids."""

    source: str
    target: str
    origins: Collection[str]
    models: Sequence[str]

    def replaces(self, language: str) -> bool:
        """Whether something in this language has been translated."""
        return primary_subtag(language) == primary_subtag(self.source)


def digital_source_type(origins: Collection[str]) -> str:
    """The IPTC's name for a text whose sentences are of these origins."""
    name: Literal["humanEdits", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]
    if set(origins) <= {"edited"}:
        name = "humanEdits"
    elif set(origins) == {"machine"}:
        name = "trainedAlgorithmicMedia"
    else:
        name = "compositeWithTrainedAlgorithmicMedia"
    return _TYPES + name


def labelled(document: str, format_: str, label: Label) -> str:
    """The file with its labels; as it is in a format that has no place for them."""
    writers: dict[str, Callable[[str, Label], Iterator[Edit]]] = {
        "html": _in_html,
        "ninjs": _in_ninjs,
        "newsml": _in_newsml,
    }
    if format_ not in writers:
        return document
    pieces, place = list[str](), 0
    for start, end, text in sorted(writers[format_](document, label)):
        pieces += [document[place:start], text]
        place = end
    return "".join([*pieces, document[place:]])


def _in_html(source: str, label: Label) -> Iterator[Edit]:
    is_labelled = False
    for tag in tokens(source):
        if tag.kind is not Kind.START:
            continue
        given = {attribute.name: attribute for attribute in attributes(source, tag)}
        values = {name: source[slice(*one.value)] for name, one in given.items()}
        is_html = tag.name == "html"
        language = next((values[n] for n in ("lang", "xml:lang") if n in values), None)
        if is_html or (language and label.replaces(language)):
            yield from _language(tag, given, label)
        if tag.name == "meta" and values.get("http-equiv", "").lower() == "content-language":
            if "content" in given:
                yield _value(given["content"], label.target)
        elif tag.name == "meta" and values.get("name") == _META and "content" in given:
            is_labelled = True
            yield _value(given["content"], digital_source_type(label.origins))
        elif tag.name == "head" and f'name="{_META}"' not in source and not is_labelled:
            is_labelled = True
            yield (
                tag.end,
                tag.end,
                (
                    f'<meta name="{_META}" content="{digital_source_type(label.origins)}">'
                    f'<meta name="translated-by" content="{escape(", ".join(label.models))}">'
                ),
            )


def _language(tag: Token, given: dict[str, Attribute], label: Label) -> Iterator[Edit]:
    """The language of an element, and its direction if it has one or the target's is another."""
    after_name = tag.start + 1 + len(tag.name)
    for name in ("lang", "xml:lang"):
        if name in given:
            yield _value(given[name], label.target)
    if not given.keys() & {"lang", "xml:lang"}:
        yield after_name, after_name, f' lang="{label.target}"'
    direction = _direction(label.target)
    if "dir" in given:
        yield _value(given["dir"], direction)
    elif direction != _direction(label.source):
        yield after_name, after_name, f' dir="{direction}"'


def _value(attribute: Attribute, value: str) -> Edit:
    return *attribute.value, value if attribute.quote else f'"{value}"'


def _direction(language: str) -> Literal["ltr", "rtl"]:
    try:
        order = Locale.parse(language, sep="-").character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


def _in_ninjs(source: str, label: Label) -> Iterator[Edit]:
    """The languages of the item and its associations; `digitalSourceType` from ninjs 3.1 on."""
    for text in texts_of_json(source):
        if text.path[-1] == "language" and label.replaces(text.value):
            yield text.start, text.end, label.target
    item = json.loads(source)
    kind = digital_source_type(label.origins)
    known = item.get("digitalSourceType")
    if isinstance(known, dict):
        for text in texts_of_json(source):
            if text.path == ("digitalSourceType", "uri"):
                yield text.start, text.end, kind
    elif str((item.get("standard") or {}).get("version", "")).startswith("3."):
        place = source.index("{") + 1
        yield place, place, f'"digitalSourceType": {{"uri": "{kind}"}}, '


def _in_newsml(source: str, label: Label) -> Iterator[Edit]:
    """The languages of all elements; `digitalSourceType` in the metadata of the content."""
    for element in parse_xml(source).walk():
        name = element.name.rpartition(":")[2]
        for attribute, start, end in attribute_spans(source, element):
            is_language = attribute == "xml:lang" or (name, attribute) == ("language", "tag")
            if is_language and label.replaces(source[start:end]):
                yield start, end, label.target
        if name == "contentMeta" and element.inner < element.end:
            yield _source_type(element, label)


def _source_type(meta: Element, label: Label) -> Edit:
    prefix = meta.name.removesuffix("contentMeta")
    written = f'<{prefix}digitalSourceType uri="{digital_source_type(label.origins)}"/>'
    place = meta.inner
    for child in meta.children:
        name = child.name.rpartition(":")[2]
        if name == "digitalSourceType":
            return child.start, child.end, written
        if name in _BEFORE_TYPE:
            place = child.end
    return place, place, written
