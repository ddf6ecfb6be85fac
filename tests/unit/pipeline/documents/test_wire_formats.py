"""ninjs, NewsML-G2 and XLIFF: which texts are translated, and that nothing else changes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.document import Document, Part
from pipeline.documents.newsml import parse_newsml
from pipeline.documents.ninjs import parse_ninjs
from pipeline.documents.xliff import parse_xliff
from pipeline.documents.xml_tree import parse_xml
from pipeline.errors import InvalidDocument

NINJS = r"""{ "uri": "urn:x:1", "language":"en",
  "headline" : "Mayor frees \"107\" & more",
  "body_html": "<p>He <b>left<\/b>.<\/p>\n<p>It rains.</p>",
  "subject": [{"name": "politics"}, {"name": "crime"}],
  "associations": {"main": {"description_text": "A caf\u00e9", "headline": "A view"}},
  "bodies": [{"value": "One.\nTwo.", "contenttype": "text/plain"},
             {"value": "<p>Three.</p>", "contenttype": "text/html"}],
  "title": "" , "priority": 5.0e0 }
"""
NEWSML = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" xml:lang="en">
  <contentMeta><headline xml:lang="en">Mayor frees 107 &amp; more</headline><slugline>MAYOR</slugline>
    <description role="drol:caption">A man in a hat</description></contentMeta>
  <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="x"><body>
    <p>He <em>left</em> on <br/>Monday.</p></body></html></inlineXML>
    <inlineData contenttype="text/html">&lt;p&gt;It rains&lt;/p&gt;</inlineData></contentSet>
</newsItem>
"""
XLIFF = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file source-language="en"><body>
  <trans-unit id="1">
    <source>See <g id="1">the car</g><x id="2"/> &amp; go</source>
    <note>Note</note>
  </trans-unit>
  <trans-unit id="2"><source>Done already</source><target state="final">Hecho</target></trans-unit>
  <trans-unit id="3" translate="no"><source>Leave it</source></trans-unit>
  <trans-unit id="4"><source>Empty one</source><target xml:lang="es"/></trans-unit>
  <trans-unit id="5"><source>Say <mrk mtype="protected">Dragoman</mrk> now</source>
    <target></target></trans-unit>
</body></file></xliff>
"""


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def filled(document: Document, **targets: str) -> str:
    """The document with the blocks that begin with these words replaced."""
    assert document.template is not None
    parts = {
        number: [Part(0, len(text), text, targets.get(text.split()[0].strip("."), text))]
        for number, text in enumerate(texts(document))
    }
    return document.template.fill(document.blocks, parts).text


@pytest.mark.parametrize(
    ("parse", "source"), [(parse_ninjs, NINJS), (parse_newsml, NEWSML), (parse_xliff, XLIFF)]
)
def test_without_a_translation_every_character_stays(parse, source: str) -> None:  # type: ignore[no-untyped-def]
    assert filled(parse(source)) == source


def test_ninjs_texts_and_pages_are_found_with_their_kinds() -> None:
    document = parse_ninjs(NINJS)
    assert [(block.kind.value, document.text_of(block)) for block in document.blocks] == [
        ("title", 'Mayor frees "107" & more'),
        ("paragraph", "He left."),
        ("paragraph", "It rains."),
        ("deck", "A café"),
        ("title", "A view"),
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("paragraph", "Three."),
    ]


def test_ninjs_strings_are_written_in_the_style_of_the_source() -> None:
    written = filled(
        parse_ninjs(NINJS),
        Mayor='El "alcalde"',
        He="Él salió.",
        A="Una cafetería de montaña",
        Two="Dos.",
    )
    expected = (
        NINJS.replace(r"Mayor frees \"107\" & more", r"El \"alcalde\"")
        .replace("<p>He <b>left", "<p>Él <b>salió").replace("rains.</p>", r"rains.<\/p>")
        .replace(r"A caf\u00e9", r"Una cafeter\u00eda de monta\u00f1a")
        .replace("Two.", "Dos.")
        .replace('"A view"', '"Una cafetería de montaña"')
    )  # fmt: skip
    assert written == expected
    assert json.loads(written)["bodies"][0]["value"] == "One.\nDos."


def test_newsml_texts_are_translated_in_place() -> None:
    written = filled(
        parse_newsml(NEWSML),
        Mayor="Libera <107>",
        A="Un hombre",
        He="Él salió el lunes.",
        It="Llueve",
    )
    assert ">Libera &lt;107&gt;</headline><slugline>MAYOR</slugline>" in written
    assert "&lt;p&gt;Llueve&lt;/p&gt;</inlineData>" in written
    assert "Él <em>salió</em>" in written
    parse_xml(written)


def test_xliff_units_without_a_target_get_one() -> None:
    document = parse_xliff(XLIFF)
    assert texts(document) == ["See the car & go", "Empty one", "Say Dragoman now"]
    written = filled(document, See="Ve el coche y va", Empty="Una vacía", Say="Di Dragoman ahora")
    assert (
        '</source>\n    <target>Ve el <g id="1">coche</g> y<x id="2"/> va</target>\n    <note>'
        in written
    )
    assert '<target xml:lang="es">Una vacía</target>' in written
    assert '<target>Di <mrk mtype="protected">Dragoman</mrk> ahora</target>' in written
    assert '<target state="final">Hecho</target>' in written
    parse_xml(written)


def test_xliff_2_segments_are_read_too() -> None:
    source = (
        '<xliff version="2.1"><file id="f"><unit id="1"><segment><source>Go <pc id="1">home</pc>'
        '<ph id="2"/></source></segment></unit></file></xliff>'
    )
    assert texts(parse_xliff(source)) == ["Go home"]
    assert '<target>A <pc id="1">casa</pc><ph id="2"/></target>' in filled(
        parse_xliff(source), Go="A casa"
    )


@pytest.mark.parametrize(
    ("parse", "source", "says"),
    [
        (parse_ninjs, "{", "not valid JSON"),
        (parse_ninjs, "[]", "a JSON object"),
        (parse_ninjs, "[" * 100_000, "not valid JSON"),
        (parse_newsml, "<html/>", "newsItem"),
        (parse_newsml, '<!DOCTYPE x SYSTEM "http://x/">\n<newsItem/>', "document type"),
        (parse_xliff, "<xliff>", "not well-formed"),
        (parse_xliff, "<x/>", "xliff"),
    ],
)
def test_what_cannot_be_read_is_refused(parse, source: str, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidDocument, match=says):
        parse(source)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("headline"), inner),
    ),
    st.booleans(),
)
def test_any_json_object_comes_back(value: object, is_ascii: bool) -> None:
    source = json.dumps({"headline": "It rains", "x": value}, ensure_ascii=is_ascii)
    document = parse_ninjs(source)
    assert filled(document) == source
    written = json.loads(filled(document, It="Llueve"))
    assert written["headline"] == "Llueve"
