r"""PO: messages without a translation get one that gettext's tools read; nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage import pypo

from pipeline.documents.po import parse_po
from pipeline.errors import InvalidDocument
from tests.unit.pipeline.documents.test_markdown import filled, texts

CATALOGUE = r"""# A comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: a.py:1
msgid "It rains"
msgstr   ""

msgid "Done already"
msgstr "Hecho"

msgctxt "menu"
msgid ""
"Hello <b>%(name)s</b>, the \"file\"\n"
"is in C:\\x.\n"
msgstr ""

#, python-format
msgid "One file"
msgid_plural "%d files"
msgstr[0] ""
msgstr[1] ""

#~ msgid "Old"
#~ msgstr ""
"""


def test_messages_without_a_translation_are_found() -> None:
    assert texts(parse_po(CATALOGUE)) == [
        "It rains",
        'Hello %(name)s, the "file"',
        "is in C:\\x.",
        "One file",
        "%d files",
    ]


def test_without_a_translation_every_character_stays() -> None:
    for source in (CATALOGUE, CATALOGUE.replace("\n", "\r\n"), f"\ufeff{CATALOGUE}", ""):
        assert filled(parse_po(source), {}) == source


def test_translations_are_read_by_the_tools_of_gettext() -> None:
    written = filled(
        parse_po(CATALOGUE),
        {
            "It rains": "Llueve",
            'Hello %(name)s, the "file"': 'Hola, %(name)s, el "archivo"',
            "is in C:\\x.": "está en C:\\x.",
            "One file": "Un archivo",
            "%d files": "%d archivos",
        },
    )
    assert 'msgid "It rains"\nmsgstr   "Llueve"\n' in written
    assert '#~ msgid "Old"\n#~ msgstr ""\n' in written
    read = {unit.source: unit for unit in pypo.pofile.parsestring(written.encode()).units}
    assert read["Done already"].target == "Hecho"
    assert read['Hello <b>%(name)s</b>, the "file"\nis in C:\\x.\n'].target == (
        'Hola, <b>%(name)s</b>, el "archivo"\nestá en C:\\x.\n'
    )
    assert [str(one) for one in read["One file"].target.strings] == ["Un archivo", "%d archivos"]


@pytest.mark.parametrize(
    ("source", "line"),
    [('msgid "a"\nmsgstr "', 2), ("<html>", 1), ('\n\nmsgid "a" b\nmsgstr ""', 3)],
)
def test_what_is_no_catalogue_is_refused(source: str, line: int) -> None:
    with pytest.raises(InvalidDocument, match=f"Line {line} "):
        parse_po(source)


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\%'), min_size=1
    )
)
def test_any_translation_is_read_as_it_was_written(target: str) -> None:
    written = filled(parse_po('msgid "It rains"\nmsgstr ""\n'), {"It rains": target})
    assert pypo.pofile.parsestring(written.encode()).units[0].target == target
