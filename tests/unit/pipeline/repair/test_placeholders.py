"""What a model cannot copy goes in disguise, and what it changed is put back."""

import pytest

from pipeline.checks import check
from pipeline.repair.placeholders import Disguised, disguised, substituted


def test_names_and_figures_go_in_disguise_and_come_back() -> None:
    source = "Alfredo Romero of Foro said 1,800 people left."
    flags = check(source, "Alexandero Romaro de Foro dijo que la gente se fue.", "en", "es")
    some, every = disguised(source, flags, "en", "es")
    assert "Romero" not in some.text
    assert "1,800" not in some.text
    assert "Foro" in some.text
    assert "Foro" not in every.text
    for variant in (some, every):
        assert variant.text.endswith("people left.")
        back = variant.restored(variant.text)
        assert back == source.replace("1,800", "1.800")


def test_a_standin_that_is_lost_or_doubled_is_not_put_back() -> None:
    variant = Disguised("87 people", {"87": "107"})
    assert variant.restored("87 personas") == "107 personas"
    assert variant.restored("personas") is None
    assert variant.restored("87 personas y 87") is None
    assert variant.restored("1987 personas") is None


def test_a_standin_is_never_in_the_text_already() -> None:
    source = "Sarkozy and 87 others met Zxqwv in 2007."
    flags = check(source, "Sarkozy y 87 más se reunieron en 2007.", "en", "es")
    (variant, *_) = disguised(source, flags, "en", "es")
    assert set(variant.originals).isdisjoint({"Sarkozy", "87", "2007"})


def test_a_name_that_ends_in_an_ordinary_word_goes_as_one() -> None:
    source = "On Monday Foro Penal welcomed the release."
    flags = check(source, "El lunes O Pensieron a la entrega.", "en", "es")
    half, whole = disguised(source, flags, "en", "es")
    assert half.text == "On Monday Sarkozy Penal welcomed the release."
    assert whole.text == "On Monday Sarkozy welcomed the release."
    assert whole.restored("El lunes Sarkozy saludó la entrega.") == (
        "El lunes Foro Penal saludó la entrega."
    )


def test_a_country_comes_back_with_the_name_that_the_target_has_for_it() -> None:
    source = "They lived in Cambodia."
    flags = check(source, "Vivían en Camboja.", "en", "es")
    variant = disguised(source, flags, "en", "es")[0]
    assert variant.restored(variant.text) == "They lived in Camboya."


def test_an_abbreviated_country_stays_for_the_model_to_translate() -> None:
    source = "Meg Ryan told the U.S. magazine InStyle so."
    flags = check(source, "Meg dijo a la revista.", "en", "es")
    variants = disguised(source, flags, "en", "es")
    assert variants
    for variant in variants:
        assert "U.S." in variant.text
        assert "InStyle" not in variant.text


def test_nothing_to_disguise() -> None:
    assert disguised("It rains.", check("It rains.", "Llueve.", "en", "es"), "en", "es") == []


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
