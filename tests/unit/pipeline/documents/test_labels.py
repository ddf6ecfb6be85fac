"""Labels: the language and the makers are written into files, and nothing else is."""

import json

import pytest

from pipeline.documents.labels import Label, digital_source_type, labelled
from pipeline.documents.ninjs import parse_ninjs
from pipeline.documents.xml_tree import parse_xml

LABEL = Label("en", "es", {"machine"}, ["opus-en-es"])
MACHINE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def test_a_page_has_the_language_and_the_makers_in_its_head() -> None:
    page = (
        '<html lang="en-GB" dir=ltr><head><meta http-equiv="Content-Language" content="en"></head>'
        '<body><p lang="fr">Oui</p><p lang=en>Yes</p></body></html>'
    )
    assert labelled(page, "html", LABEL) == (
        f'<html lang="es" dir="ltr"><head><meta name="digital-source-type" content="{MACHINE}">'
        '<meta name="translated-by" content="opus-en-es">'
        '<meta http-equiv="Content-Language" content="es"></head>'
        '<body><p lang="fr">Oui</p><p lang="es">Yes</p></body></html>'
    )


def test_a_second_label_replaces_the_first() -> None:
    page = labelled("<html><head></head></html>", "html", LABEL)
    assert labelled(page, "html", LABEL) == page


def test_another_direction_is_written() -> None:
    label = Label("en", "ar", {"machine"}, ["m"])
    assert labelled("<html><body></body></html>", "html", label) == (
        '<html dir="rtl" lang="ar"><body></body></html>'
    )
    assert labelled("<p>a</p>", "html", label) == "<p>a</p>"


@pytest.mark.parametrize(
    ("version", "expected"), [("3.1", {"uri": MACHINE}), ("2.1", None), (None, None)]
)
def test_ninjs_items_have_it_from_version_3(version: str | None, expected: object) -> None:
    item = {
        "language": "en",
        "associations": {"a": {"language": "en-US"}, "b": {"language": "de"}},
        **({"standard": {"version": version}} if version else {}),
    }
    written = json.loads(labelled(json.dumps(item), "ninjs", LABEL))
    assert written.get("digitalSourceType") == expected
    assert written["language"] == written["associations"]["a"]["language"] == "es"
    assert written["associations"]["b"]["language"] == "de"
    again = {"digitalSourceType": {"uri": "old"}, "headline": "x"}
    assert MACHINE in labelled(json.dumps(again), "ninjs", LABEL)
    parse_ninjs(labelled(json.dumps(item), "ninjs", LABEL))


def test_newsml_items_have_it_after_their_dates() -> None:
    item = (
        '<newsItem xml:lang="en"><contentMeta><urgency>4</urgency><headline xml:lang="en-US">A</headline>'
        '<language tag="en"/><quote xml:lang="fr">B</quote></contentMeta></newsItem>'
    )
    written = labelled(item, "newsml", LABEL)
    assert written == (
        f'<newsItem xml:lang="es"><contentMeta><urgency>4</urgency><digitalSourceType uri="{MACHINE}"/>'
        '<headline xml:lang="es">A</headline><language tag="es"/><quote xml:lang="fr">B</quote>'
        "</contentMeta></newsItem>"
    )
    assert labelled(written, "newsml", LABEL) == written
    parse_xml(written)


def test_the_type_follows_the_origins_of_the_sentences() -> None:
    assert digital_source_type({"machine"}) == MACHINE
    assert digital_source_type({"edited"}).endswith("humanEdits")
    assert digital_source_type({"machine", "edited"}).endswith(
        "compositeWithTrainedAlgorithmicMedia"
    )


def test_formats_without_a_place_for_it_stay_as_they_are() -> None:
    assert labelled("# A", "markdown", LABEL) == "# A"
