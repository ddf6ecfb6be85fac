"""ODT: paragraphs with their spans, notes and boxes; every other part stays as it is."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.odt import parse_odt
from pipeline.documents.xml_tree import parse_xml
from pipeline.errors import InvalidDocument
from tests.unit.pipeline.documents.test_ooxml import filled, parts_of, texts, zipped

NAMES = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d"'
NOTE = (
    '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p>'
    "</text:note-body></text:note>"
)  # fmt: skip


def odt(body: str, **others: bytes) -> str:
    """An OpenDocument text in base64."""
    content = f"<?xml version='1.0'?><x {NAMES}><office:body>{body}</office:body></x>"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            **others,
        }
    )


def body_of(document: str) -> str:
    text = parts_of(document)["content.xml"].decode()
    return text.partition("<office:body>")[2].partition("</office:body>")[0]


def test_spans_move_with_their_words_and_notes_are_texts_of_their_own() -> None:
    source = odt(
        f'<text:h text:style-name="H1">The vote</text:h><text:p>See the <text:span text:style-name="B">red '
        f"car</text:span> &amp; go{NOTE}<text:s/>now.</text:p>"
    )
    document = parse_odt(source)
    assert [(b.kind.value, document.text_of(b)) for b in document.blocks] == [
        ("heading", "The vote"),
        ("note", "A note."),
        ("paragraph", "See the red car & go now."),
    ]
    written = body_of(filled(document, "El voto", "Una nota.", "Va al car red & go now."))
    assert '<text:h text:style-name="H1">El voto</text:h>' in written
    assert 'Va al <text:span text:style-name="B">car red</text:span> &amp; go' in written
    assert "<text:p>Una nota.</text:p></text:note-body></text:note>" in written
    parse_xml(f"<x {NAMES}>{written}</x>")


def test_a_note_is_translated_where_its_paragraph_stays() -> None:
    document = parse_odt(odt(f"<text:p>Yes{NOTE}</text:p>"))
    written = body_of(filled(document, "Una nota.", "Yes"))
    assert "Una nota." in written


def test_tabs_breaks_fields_cells_and_items_part_texts() -> None:
    source = odt(
        "<text:p><text:span>One<text:tab/>Two</text:span><text:line-break/>Page "
        "<text:page-number>3</text:page-number> of it</text:p><table:table-cell><text:p>Cell</text:p>"
        "</table:table-cell><text:list-item><text:p>Item</text:p></text:list-item>"
    )
    document = parse_odt(source)
    assert [(b.kind.value, document.text_of(b)) for b in document.blocks] == [
        ("paragraph", "One"),
        ("paragraph", "Two"),
        ("paragraph", "Page 3 of it"),
        ("table cell", "Cell"),
        ("list item", "Item"),
    ]
    written = body_of(filled(document, "Uno", "Dos", "Página 3 de eso", "Celda", "Punto"))
    assert "<text:span>Uno<text:tab/>Dos</text:span><text:line-break/>Página" in written
    assert "Página <text:page-number>3</text:page-number> de" in written


def test_headers_are_read_and_untouched_files_are_the_same_bytes() -> None:
    styles = f"<x {NAMES}><text:p>The header</text:p></x>".encode()
    source = odt("<text:p>Body</text:p>", **{"styles.xml": styles, "Pictures/a.png": b"\x89PNG"})
    document = parse_odt(source)
    assert texts(document) == ["Body", "The header"]
    assert filled(document, "Body", "The header") == source
    written = parts_of(filled(document, "Cuerpo", "El encabezado"))
    assert list(written) == ["mimetype", "content.xml", "styles.xml", "Pictures/a.png"]
    assert b"El encabezado" in written["styles.xml"]
    assert written["Pictures/a.png"] == b"\x89PNG"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (base64.b64encode(b"PK\x03\x04 no").decode(), "not an office file"),
        (zipped({"a.txt": b"x"}), "not an ODT file"),
        (odt("<text:tracked-changes><text:changed-region/></text:tracked-changes>"), "tracked"),
        (odt("", **{"Basic/script-lc.xml": b"x"}), "macros"),
        (odt("", **{"META-INF/manifest.xml": b"<m:encryption-data/>"}), "encrypted"),
        (odt("<text:p>"), "not well-formed"),
        (zipped({"content.xml": b'<!DOCTYPE x SYSTEM "http://x/"><x/>'}), "document type"),
    ],
)
def test_what_cannot_be_read_is_refused(document: str, says: str) -> None:
    with pytest.raises(InvalidDocument, match=says):
        parse_odt(document)


@given(
    st.lists(
        st.sampled_from(
            [
                "Word ",
                "<text:span>bold</text:span>",
                " x &lt; y",
                '<text:a x="y"><text:span>link</text:span>ed</text:a>',
                NOTE,
                "<text:line-break/>",
                "<text:span>a<text:tab/>b<text:s/></text:span>",
                "<text:date>1 May</text:date>",
                "<draw:frame><draw:text-box><text:p>Box</text:p></draw:text-box></draw:frame>",
                "<text:bookmark/>",
            ]
        )
    )
)
def test_any_paragraph_comes_back_as_xml_with_all_in_it(pieces: list[str]) -> None:
    source = odt(f"<text:p>{''.join(pieces)}</text:p>")
    document = parse_odt(source)
    assert filled(document, *texts(document)) == source
    # What is kept stands in the translation, as the protected spans take care of.
    kept = [" 1 May" * text.count("1 May") for text in texts(document)]
    written = body_of(filled(document, *(f"Otra aquí{k}." for k in kept)))
    parse_xml(f"<x {NAMES}>{written}</x>")
    for mark in ("<text:note>", "<text:bookmark/>", "<text:tab/>", "<draw:frame>", "<text:date>"):
        assert written.count(mark) == body_of(source).count(mark)
    assert written.count("Otra") == written.count("aquí") == len(document.blocks)
