"""The front matter of a Markdown file: its title and its summaries are translated, all else stays."""

import json
import re
import tomllib
from collections.abc import Iterator

import yaml

from pipeline.documents.composite import Embedded, lines_of
from pipeline.documents.document import BlockKind
from pipeline.errors import InvalidDocument

_BETWEEN = re.compile(
    r"\A\ufeff?(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<fields>.*?)^(?P=mark)[ \t]*\r?$",
    re.DOTALL | re.MULTILINE,
)
_TOML_TEXT = re.compile(
    r"^(?P<key>\w+)[ \t]*=[ \t]*(?P<value>\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*')[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_KINDS = {
    "title": BlockKind.TITLE,
    **dict.fromkeys(
        ("subtitle", "deck", "description", "summary", "excerpt", "lead"), BlockKind.DECK
    ),
    "caption": BlockKind.CAPTION,
}
"""The fields that are translated, as Hugo, Jekyll, Eleventy and Astro name them."""
_LONGEST = 65_536
"""Characters; the YAML parser reads 100,000 a second."""


def read_front_matter(source: str) -> tuple[list[Embedded], int]:
    """The texts of the front matter, and where it ends; 0 without one.

    Raises InvalidDocument if it is not valid YAML, or longer than 65,536 characters.
    """
    found = _BETWEEN.match(source)
    if found is None:
        return [], 0
    if found.end() > _LONGEST:
        raise InvalidDocument(f"The front matter has more than {_LONGEST} characters: shorten it.")
    fields, start = found["fields"], found.start("fields")
    texts = _yaml_texts(fields) if found["mark"] == "---" else _toml_texts(fields)
    embedded = [
        # A string of JSON is one of YAML and of TOML too.
        Embedded(start + first, start + last, lines_of(value, _KINDS[key]), _as_json)
        for key, value, first, last in texts
        if key in _KINDS
    ]
    return embedded, found.end()


def _yaml_texts(fields: str) -> Iterator[tuple[str, str, int, int]]:
    """The texts of the outermost mapping, with their places."""
    try:
        root = yaml.compose(fields, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidDocument(f"The front matter is not valid YAML: {error}.") from None
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        is_text = isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:str"
        if is_text and value.start_mark.index < value.end_mark.index:
            end = value.end_mark.index
            # A block scalar's end is the beginning of the next field.
            end -= len(fields[value.start_mark.index : end]) - len(
                fields[value.start_mark.index : end].rstrip()
            )
            yield str(key.value), value.value, value.start_mark.index, end


def _toml_texts(fields: str) -> Iterator[tuple[str, str, int, int]]:
    """The texts before the first table, with their places."""
    table = re.search(r"^[ \t]*\[", fields, re.MULTILINE)
    for match in _TOML_TEXT.finditer(fields, 0, table.start() if table else len(fields)):
        try:
            value = tomllib.loads(f"value = {match['value']}")["value"]
        except tomllib.TOMLDecodeError:
            continue
        yield match["key"], value, *match.span("value")


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
