"""XML as a document, and what a request says of single tags."""

import pytest

from pipeline.documents.formats import parse
from pipeline.documents.tags import is_well_formed
from pipeline.requests import FileFormat, TagOptions, TranslationRequest

DOCUMENT = """<?xml version="1.0"?>
<document>
  <meta><title>A title with <b>weight</b></title></meta>
  <par>One <x/>sentence. <![CDATA[ <kept> ]]>Another one.</par>
  <raw>This stays.</raw>
</document>
"""


def texts(document: str, format_: FileFormat = "xml", **options: object) -> list[str]:
    tags = TagOptions.model_validate(options)
    request = TranslationRequest(document=document, format=format_, tags=tags, target="es")
    read = parse(request)
    return [read.text_of(block).strip() for block in read.blocks]


def test_an_element_with_text_beside_it_stands_in_a_sentence() -> None:
    assert texts(DOCUMENT) == [
        "A title with weight",
        "One sentence. Another one.",
        "This stays.",
    ]


def test_an_ignored_element_is_no_text() -> None:
    assert texts(DOCUMENT, ignore=["RAW"]) == ["A title with weight", "One sentence. Another one."]


def test_tags_can_be_named_in_place_of_the_outline() -> None:
    document = "<a><t>One</t><u>two</u> <v>three.</v></a>"
    assert texts(document) == ["One", "two", "three."]
    assert texts(document, non_splitting=["u", "v"]) == ["One", "two three."]
    assert texts(document, outline=False) == ["Onetwo three."]
    assert texts(document, outline=False, splitting=["t"]) == ["One", "two three."]


def test_tags_of_html_can_be_named_too() -> None:
    document = "<p>One <b>two</b> <i>three</i>.</p>"
    assert texts(document, "html") == ["One two three."]
    assert texts(document, "html", splitting=["b"]) == ["One", "two", "three."]


@pytest.mark.parametrize(
    ("source", "well_formed"),
    [
        ("<a>b</a>", True),
        ("b <a/> c", True),
        ("<a><b></a></b>", False),
        ("<a>", False),
        ("</a>", False),
    ],
)
def test_each_tag_is_closed_in_its_order(source: str, well_formed: bool) -> None:
    assert is_well_formed(source) is well_formed


def test_tags_without_markup_are_refused() -> None:
    with pytest.raises(ValueError, match="`tags`"):
        TranslationRequest(text="One.", tags=TagOptions(), target="es")
