"""What each line of an article is; a row is `kind: text`."""

import pytest

from pipeline.documents.document import BlockKind
from pipeline.documents.lines import dateline_end, kind_of_line
from pipeline.documents.plain_text import parse_text

KINDS = [
    ("byline", ["By Kim Lund", "By KIM LUND, Staff Writer", "Por Eva Sanz",
                "Kim Lund, Science Editor", "EFE | Lugo"]),
    ("credit", ["Photo: Kim Lund", "(Foto: Eva Sanz)", "EFE", "Kim Lund/AFP",
                "(Reporting by Kim Lund; Editing by Jo Ash)",
                "Con información de Eva Sanz", "Additional reporting by Jo Ash"]),
    ("caption", ["Boats wait in the harbour on Monday. (Kim Lund/AFP)", "FILE PHOTO: Boats in the harbour",
                 "El puerto, este lunes. EFE/ Eva Sanz", "Foto de archivo del puerto."]),
    ("note", ["Correction: The pier was built in 1911.", "This article was amended on 4 May.",
              "Nota de la redacción: faltan datos.",
              "Una versión anterior de este texto daba otra cifra.", "Do you have a story? Write to us."]),
    ("timestamp", ["14:05 GMT", "Updated 3 May 2031 at 10.15 BST", "Hace 2 horas", "3h ago",
                   "Publicado el 4 de mayo de 2031"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "line"), [(kind, line) for kind, lines in KINDS for line in lines]
)
def test_a_line_says_what_it_is(kind: str, line: str) -> None:
    assert kind_of_line(line) == kind


@pytest.mark.parametrize(
    "line",
    ["By the river, boats wait.", "The photo shows a boat.", "Corrections are slow.", "He came at 14:05.",
     "Sales rose 3%", "12,50 €", "3-1", "The note was short.", "Reporting on wars is dangerous work."],
)  # fmt: skip
def test_a_line_of_the_story_says_nothing(line: str) -> None:
    assert kind_of_line(line) is None


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("HARWICK, North Coast (Reuters) - The pier fell.", "HARWICK, North Coast (Reuters) - "),
        ("Harwick, 3 May 2031 – The pier fell.", "Harwick, 3 May 2031 – "),
        ("Lugo, 12 mar (EFE).- El muelle cayó.", "Lugo, 12 mar (EFE).- "),
        ("SAN JOSÉ (AP) — El muelle cayó.", "SAN JOSÉ (AP) — "),
        ("The pier - the old one - fell.", ""),
        ("Kim Lund - the mayor - left.", ""),
    ],
)
def test_a_dateline_ends_with_its_dash(line: str, dateline: str) -> None:
    assert line[: dateline_end(line)] == dateline


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("REPORTER\n\nWhy now?\n\nSANZ\n\nIt was time.\n\nREPORTER\n\nAnd then?\n\nSANZ\n\nRest.",
         "speaker question speaker answer speaker question speaker answer"),
        ("Q: Why now?\n\nA: It was time.\n\nQ: And then?\n\nA: Rest.",
         "speaker question speaker answer speaker question speaker answer"),
        ("The plan:\n\n- Fix the pier.\n- Buy a boat.\n", "paragraph list item list item"),
        ("1. Fix the pier.\n2. Buy a boat.\n", "list item list item"),
        ("Line   Boats  Buses\nNorth  12     4\nSouth  9      3\n", "table row table row table row"),
        ("# Pier falls\n\nThe old pier fell on Monday.\n\nNobody was hurt.", "title paragraph paragraph"),
        ("<p>The old pier fell.</p>\n<p>Nobody was hurt.</p>", "paragraph paragraph"),
        ("The pier fell. Read more\n\nNobody was hurt.", "paragraph furniture paragraph"),
        ("“The pier is gone”\n\n— Kim Lund (@kim) May 3, 2031\n\nHe left.", "post credit paragraph"),
        ("LUGO, 4 mar (EFE).- El muelle cayó.\n\nNadie resultó herido.", "dateline paragraph paragraph"),
    ],
)  # fmt: skip
def test_the_kinds_of_a_text(text: str, kinds: str) -> None:
    assert " ".join(block.kind for block in parse_text(text).blocks) == kinds


def test_marks_are_no_text() -> None:
    document = parse_text("* One thing.\n* Two things.\n\n> Quoted.\n")
    assert [document.text_of(block) for block in document.blocks] == [
        "One thing.",
        "Two things.",
        "Quoted.",
    ]
    assert document.blocks[0].kind is BlockKind.LIST_ITEM
