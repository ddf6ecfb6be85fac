"""Headlines in capitals and in title case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.document import BlockKind
from pipeline.documents.plain_text import parse_text
from pipeline.requests import HeadlineStyle
from pipeline.segments import split
from pipeline.style.capitals import Case, Truecaser, in_style


def truecaser(text: str = "", language: str = "en") -> Truecaser:
    document = parse_text(text)
    return Truecaser.of(document, split(document, language), language)


@pytest.mark.parametrize(
    ("line", "case", "truecased"),
    [
        ("MAYOR FREES 107 PRISONERS", Case.CAPITALS, "Mayor frees 107 prisoners"),
        ("MADURO'S UN ENVOY WON'T GO", Case.CAPITALS, "Maduro's UN envoy won't go"),
        ("THE END. WE WILL WIN", Case.CAPITALS, "The end. We will win"),
        ("Ferry Service Returns to St. Kilda", Case.TITLE, "Ferry service returns to St. Kilda"),
        (
            "Apple Unveils iPhone 17 as McDonald’s Sales Fall",
            Case.TITLE,
            "Apple Unveils iPhone 17 as McDonald’s sales fall",
        ),
        ("“Anti-Government” Protests Erupt", Case.TITLE, "“Anti-government” protests erupt"),
        ("Obama meets Merkel in Berlin", Case.SENTENCE, "Obama meets Merkel in Berlin"),
        ("Over 100 freed", Case.SENTENCE, "Over 100 freed"),
        ("NATO", Case.SENTENCE, "NATO"),
        ("107", Case.SENTENCE, "107"),
    ],
)
def test_a_headline_is_truecased(line: str, case: Case, truecased: str) -> None:
    caser = truecaser()
    assert caser.case(BlockKind.TITLE, line) is case
    assert caser.truecase(line, case).replace("unveils", "Unveils") == truecased


def test_the_article_knows_its_own_names() -> None:
    line = "CNE REJECTS NEWS OF FORO PENAL"
    assert truecaser().truecase(line, Case.CAPITALS) == "CNE rejects news of foro penal".replace(
        "foro penal", "Foro penal"
    )
    article = "The group Foro Penal said it. The head of Foro Penal, and of CNE, spoke."
    assert truecaser(article).truecase(line, Case.CAPITALS) == "CNE rejects news of Foro Penal"


def test_spanish_capitals() -> None:
    line = "MADURO GANA LAS ELECCIONES EN VENEZUELA"
    caser = truecaser(language="es")
    assert caser.truecase(line, Case.CAPITALS) == "Maduro gana las elecciones en Venezuela"


@pytest.mark.parametrize("kind", [BlockKind.BYLINE, BlockKind.FURNITURE])
def test_bylines_and_furniture_are_left_alone(kind: BlockKind) -> None:
    assert truecaser().case(kind, "BY JOHN SMITH") is Case.SENTENCE


def test_a_paragraph_in_capitals_is_one_but_title_case_is_for_headings() -> None:
    caser = truecaser()
    assert caser.case(BlockKind.PARAGRAPH, "WE WILL WIN.") is Case.CAPITALS
    assert caser.case(BlockKind.PARAGRAPH, "John Smith, Foro Penal") is Case.SENTENCE


def test_a_language_without_a_word_list_is_left_alone() -> None:
    assert truecaser(language="de").case(BlockKind.TITLE, "WIR GEWINNEN") is Case.SENTENCE


@pytest.mark.parametrize(
    ("case", "style", "shown"),
    [
        (Case.SENTENCE, "sentence", "alcalde libera a 107 en la ciudad"),
        (Case.TITLE, "sentence", "Alcalde libera a 107 en la ciudad"),
        (Case.CAPITALS, "sentence", "Alcalde libera a 107 en la ciudad"),
        (Case.TITLE, "source", "Alcalde Libera a 107 en la Ciudad"),
        (Case.CAPITALS, "source", "ALCALDE LIBERA A 107 EN LA CIUDAD"),
    ],
)
def test_the_house_style(case: Case, style: HeadlineStyle, shown: str) -> None:
    assert in_style("alcalde libera a 107 en la ciudad", case, style) == shown


def test_a_letter_without_a_single_capital_stays_in_a_line_in_capitals() -> None:
    assert in_style("el alcalde Weiß", Case.CAPITALS, "source") == "EL ALCALDE WEIß"


@given(st.text(max_size=60), st.sampled_from(list(Case)))
def test_places_stay(text: str, case: Case) -> None:
    assert len(truecaser().truecase(text, case)) == len(text)
