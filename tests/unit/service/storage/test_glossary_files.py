import pytest

from pipeline.glossary.terms import Term
from service.errors import InvalidRequest
from service.storage.glossary_files import Format, read_terms, write_terms

TERMS = [
    Term(source="carbon tax", target="impuesto al carbono", note="since 2020"),
    Term(source="Apple", match_case=True),
    Term(source="computer", target="computadora, la", region="es-MX"),
]
TBX_3 = b"""<?xml version="1.0"?>
<tbx xmlns="urn:iso:std:iso:30042:ed-2" xml:lang="en"><text><body><conceptEntry id="1">
<langSec xml:lang="en-GB"><termSec><term>carbon tax</term></termSec></langSec>
<langSec xml:lang="es"><termSec><term>impuesto <hi>al</hi> carbono</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""


@pytest.mark.parametrize("format_", ["json", "tsv", "csv"])
def test_what_is_written_is_read_again(format_: Format) -> None:
    assert read_terms(write_terms(TERMS, format_, "en", "es"), format_, "en", "es") == TERMS


def test_terminology_tools_are_understood() -> None:
    plain = [Term(source=term.source, target=term.target) for term in TERMS]
    assert read_terms(write_terms(TERMS, "tbx", "en", "es"), "tbx", "en", "es") == plain
    assert read_terms(TBX_3, "tbx", "en", "es") == plain[:1]


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        ("carbon tax\timpuesto al carbono\nApple\n", "tsv"),
        ("Target;Source\nimpuesto al carbono;carbon tax\n;Apple\n", "csv"),
        ('\ufeff"carbon tax","impuesto al carbono"\nApple,\n', "csv"),
        (
            '{"terms": [{"source": "carbon tax", "target": "impuesto al carbono"}, '
            '{"source": "Apple"}]}',
            "json",
        ),
    ],
)
def test_tables_as_people_write_them(data: str, format_: Format) -> None:
    assert read_terms(data.encode(), format_, "en", "es") == [
        Term(source="carbon tax", target="impuesto al carbono"),
        Term(source="Apple"),
    ]


@pytest.mark.parametrize(
    ("data", "format_", "says"),
    [
        (b"carbon tax\timpuesto\n--\tx\n", "tsv", "term 2"),
        (b"\xff", "csv", "UTF-8"),
        (b"{", "json", "cannot be read"),
        (b"<tbx>", "tbx", "cannot be read"),
        (b'[{"source": "a", "colour": 1}]', "json", "term 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    data: bytes, format_: Format, says: str
) -> None:
    with pytest.raises(InvalidRequest, match=says):
        read_terms(data, format_, "en", "es")
