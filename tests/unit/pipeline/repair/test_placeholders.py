"""Stand-ins for what a model cannot copy, and originals for what it changed."""

import pytest

from pipeline.checks import check
from pipeline.protect.spans import How
from pipeline.protect.standins import Standin
from pipeline.repair.placeholders import Variant, substituted, with_standins


def test_names_and_figures_get_stand_ins_and_are_restored() -> None:
    source = "Alfredo Romero of Foro said 1,800 people left."
    flags = check(source, "Alexandero Romaro de Foro dijo que la gente se fue.", "en", "es")
    some, every = with_standins(source, flags, "en", "es")
    assert "Romero" not in some.text
    assert "1,800" not in some.text
    assert "Foro" in some.text
    assert "Foro" not in every.text
    for variant in (some, every):
        assert variant.text.endswith("people left.")
        back = variant.restored(variant.text)
        assert back == source.replace("1,800", "1.800")


def test_a_standin_that_is_lost_or_doubled_is_not_put_back() -> None:
    variant = Variant("87 people", (Standin(How.NUMBER, "87", "107"),))
    assert variant.restored("87 personas") == "107 personas"
    assert variant.restored("personas") is None
    assert variant.restored("87 personas y 87") is None
    assert variant.restored("1987 personas") is None
    assert variant.restored("1.87 personas") is None


def test_an_original_that_looks_like_another_stand_in_stays() -> None:
    standins = (Standin(How.NUMBER, "87", "57"), Standin(How.NUMBER, "57", "87"))
    variant = Variant("87 of 57", standins)
    assert variant.restored("87 de 57") == "57 de 87"


def test_a_standin_is_never_in_the_text_already() -> None:
    source = "Sarkozy and 87 others met Zxqwv in 2007."
    flags = check(source, "Sarkozy y 87 más se reunieron en 2007.", "en", "es")
    (variant, *_) = with_standins(source, flags, "en", "es")
    assert {one.word for one in variant.standins}.isdisjoint({"Sarkozy", "87", "2007"})


def test_a_name_that_ends_in_an_ordinary_word_goes_as_one() -> None:
    source = "On Monday Foro Penal welcomed the release."
    flags = check(source, "El lunes O Pensieron a la entrega.", "en", "es")
    half, whole = with_standins(source, flags, "en", "es")
    assert half.text == "On Monday Sarkozy Penal welcomed the release."
    assert whole.text == "On Monday Sarkozy welcomed the release."
    assert whole.restored("El lunes Sarkozy saludó la entrega.") == (
        "El lunes Foro Penal saludó la entrega."
    )


def test_a_country_comes_back_with_the_name_that_the_target_has_for_it() -> None:
    source = "They lived in Cambodia."
    flags = check(source, "Vivían en Camboja.", "en", "es")
    variant = with_standins(source, flags, "en", "es")[0]
    assert variant.restored(variant.text) == "They lived in Camboya."


def test_an_abbreviated_country_stays_for_the_model_to_translate() -> None:
    source = "Meg Ryan told the U.S. magazine InStyle so."
    flags = check(source, "Meg dijo a la revista.", "en", "es")
    variants = with_standins(source, flags, "en", "es")
    assert variants
    for variant in variants:
        assert "U.S." in variant.text
        assert "InStyle" not in variant.text


def test_without_such_flags_there_are_no_variants() -> None:
    flags = check("It rains.", "Llueve.", "en", "es")
    assert with_standins("It rains.", flags, "en", "es") == []


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        ("He freed 107 people.", "Liberó a 102 personas.", "Liberó a 107 personas."),
        ("It was in 1987.", "Fue en 1978.", "Fue en 1987."),
        ("Over 1,800 left.", "Se fueron más de 1.080.", "Se fueron más de 1.800."),
        ("He met Romero there.", "Se reunió con Romaro allí.", "Se reunió con Romero allí."),
        ("It costs $3.5.", "Cuesta 3,6 dólares.", "Cuesta 3,5 dólares."),
    ],
)
def test_what_was_changed_is_put_back(source: str, wrong: str, right: str) -> None:
    flags = check(source, wrong, "en", "es")
    assert flags
    assert substituted(source, wrong, flags, "en", "es") == right
