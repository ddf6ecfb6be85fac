"""DOCX and PPTX: runs and styles follow their words, and every other part stays as it is."""

import base64
import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.document import Document, Part
from pipeline.documents.ooxml import parse_docx, parse_pptx
from pipeline.documents.xml_tree import parse_xml
from pipeline.errors import InvalidDocument

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text: str, properties: str = "") -> str:
    style = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{text}</w:t></w:r>'


def word(body: str, **others: bytes) -> str:
    """A Word file in base64."""
    document = f"<?xml version='1.0'?><w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped(
        {"word/document.xml": document.encode(), "[Content_Types].xml": b"<x/>", **others}
    )


def zipped(parts: Mapping[str, bytes]) -> str:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return base64.b64encode(data.getvalue()).decode()


def parts_of(document: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(document))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def filled(document: Document, *targets: str) -> str:
    assert document.template is not None
    parts = {
        number: [Part(0, len(text), text, target)]
        for number, (text, target) in enumerate(zip(texts(document), targets, strict=True))
    }
    return document.template.fill(document.blocks, parts).text


def body_of(document: str) -> str:
    text = parts_of(document)["word/document.xml"].decode()
    return text.partition("<w:body>")[2].partition("</w:body>")[0]


def test_runs_of_a_style_move_with_their_words() -> None:
    source = word(
        f"<w:p><w:pPr/>{run('See the ')}{run('red', '<w:b/>')}{run(' ', '<w:b/>')}"
        f"{run('car', '<w:b/><w:lang w:val=x/>'.replace('=x', '=&quot;x&quot;').replace('&quot;', chr(34)))}"
        f"{run(' &amp; go')}</w:p>"
    )  # fmt: skip
    document = parse_docx(source)
    assert texts(document) == ["See the red car & go"]
    assert [inline.end - inline.start for inline in document.blocks[0].inline] == [7]
    assert body_of(filled(document, "Va al car red & go")) == (
        f"<w:p><w:pPr/>{run('Va al ')}{run('car red', '<w:b/>')}{run(' &amp; go')}</w:p>"
    )


def test_links_and_marks_of_notes_stay_with_their_words() -> None:
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    link = '<w:hyperlink w:id="7">'
    source = word(
        f"<w:p>{run('Ask ')}{link}{run('Ann', '<w:u/>')}</w:hyperlink>{run(', Bob')}{note}"
        f"{run(' or Carl')}</w:p>"
    )
    written = body_of(filled(parse_docx(source), "Carl, Bob o Ann pregunta"))
    assert f"{link}{run('Ann', '<w:u/>')}</w:hyperlink>" in written
    assert written.count(note) == 1
    assert f"{run('Carl, Bob')}{note}".removeprefix(run("")) in written
    parse_xml(f"<x {W}>{written}</x>")


@pytest.mark.parametrize(
    ("spelled", "read"),
    [
        ("a &amp;lt; b", "a &lt; b"),
        ("AT&amp;#38;T", "AT&#38;T"),
        ("no &amp;#99999999;", "no &#99999999;"),
        ("caf&#233; &quot;x&#x22;", 'café "x"'),
    ],
)
def test_escaped_characters_are_read_once(spelled: str, read: str) -> None:
    assert texts(parse_docx(word(f"<w:p>{run(spelled)}</w:p>"))) == [read]


def test_tabs_breaks_fields_and_cells_part_texts() -> None:
    source = word(
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>Two</w:t><w:br/></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        "<w:r><w:t>7</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Three</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
    )
    document = parse_docx(source)
    assert [(b.kind.value, document.text_of(b)) for b in document.blocks] == [
        ("paragraph", "One"),
        ("paragraph", "Two"),
        ("table cell", "Three"),
    ]
    assert body_of(filled(document, "Uno", "Dos", "Tres")) == body_of(source).replace(
        "One", "Uno"
    ).replace("Two", "Dos").replace("Three", "Tres")


def test_slides_are_read_too_and_untouched_files_are_the_same_bytes() -> None:
    slide = (
        '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:rPr lang="en-US"/><a:t>The </a:t></a:r>'
        '<a:r><a:rPr lang="en-GB"/><a:t>vote</a:t></a:r></a:p></p:sld>'
    )
    source = zipped({"ppt/slides/slide1.xml": slide.encode(), "ppt/media/a.png": b"\x89PNG"})
    document = parse_pptx(source)
    assert texts(document) == ["The vote"]
    assert filled(document, "The vote") == source
    written = parts_of(filled(document, "El voto"))
    assert b"<a:t>El voto</a:t>" in written["ppt/slides/slide1.xml"]
    assert written["ppt/media/a.png"] == b"\x89PNG"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("not base64!", "not an office file"),
        (base64.b64encode(b"PK\x03\x04 no").decode(), "not an office file"),
        (zipped({"a.txt": b"x"}), "not a DOCX file"),
        (word("<w:p><w:ins>" + run("x") + "</w:ins></w:p>"), "tracked changes"),
        (word("", **{"word/vbaProject.bin": b"x"}), "macros"),
        (word("<w:p>"), "not well-formed"),
        (zipped({"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "document type"),
        (zipped({"word/document.xml": b"<a>" * 300 + b"</a>" * 300}), "nested"),
        (zipped({"word/document.xml": b"\xff\xfe<\x00"}), "UTF-8"),
        (zipped({f"word/{n}": b"" for n in range(5001)}), "5000 parts"),
        (word("", **{"word/media/zeros": bytes(129 * 1024 * 1024)}), "bytes uncompressed"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(document: str, says: str) -> None:
    with pytest.raises(InvalidDocument, match=says):
        parse_docx(document)


@given(
    st.lists(
        st.sampled_from(
            [
                run("Word "),
                run("bold", "<w:b/>"),
                run(" x &lt; y"),
                '<w:hyperlink w:id="1">' + run("link", "<w:u/>") + run("ed") + "</w:hyperlink>",
                '<w:bookmarkStart w:id="0"/>',
                '<w:r><w:footnoteReference w:id="1"/></w:r>',
                "<w:r><w:br/></w:r>",
                "<w:proofErr/>",
                "<w:sdt><w:sdtContent>" + run("box") + "</w:sdtContent></w:sdt>",
            ]
        )
    )
)
def test_any_runs_come_back_as_xml_with_all_links_and_marks(runs: list[str]) -> None:
    source = word(f"<w:p>{''.join(runs)}</w:p>")
    document = parse_docx(source)
    assert filled(document, *texts(document)) == source
    written = body_of(filled(document, *("Otra cosa <aquí>." for _ in document.blocks)))
    parse_xml(f"<x {W}>{written}</x>")
    for mark in ("w:footnoteReference", "w:bookmarkStart", "<w:br/>", "<w:sdt>"):
        assert written.count(mark) == body_of(source).count(mark)
    assert len(document.blocks) == written.count("aquí")
