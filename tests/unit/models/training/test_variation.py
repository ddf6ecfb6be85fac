import random
import re

from models.training import variation
from models.training.direction import DIRECTIONS


def test_names_that_are_kept_stand_inside_the_source_and_once_in_each_text() -> None:
    source = "Yesterday Alfredo Romero met Maria in Caracas, and Maria left London."
    target = "Ayer Alfredo Romero se reunió con Maria en Caracas, y Maria dejó Londres."
    assert variation.kept_names(source, target) == ["Alfredo", "Romero", "Caracas"]


def test_a_name_may_be_the_first_word() -> None:
    assert variation.kept_names("Foro Penal agreed.", "Foro Penal aceptó.") == ["Foro", "Penal"]
    assert variation.kept_names("Later he left.", "Luego se fue.") == []


def test_fragments_come_among_the_pairs_in_the_direction_that_is_trained() -> None:
    rng = random.Random(1)
    pairs = [("The ship left the port of Quito.", "El barco dejó el puerto de Quito.")] * 1_000
    varied = variation.vary(pairs, ["Quito", "Romero"], DIRECTIONS["es-en"], rng)
    assert len(varied) == 1_000 + round(1_000 * variation.FRAGMENT_SHARE)
    assert sum("barco" in source.lower() for source, _ in varied) == 1_000


def test_names_and_numbers_are_swapped_in_both_texts_alike() -> None:
    source = "The mayor of Caracas said that 107 of 1,800 people were released."
    target = "El alcalde de Caracas dijo que 107 de las 1.800 personas fueron liberadas."
    rng = random.Random(1)
    swapped = [variation.swapped(source, target, ["Quito"], rng) for _ in range(200)]
    assert (source, target) in swapped
    assert any("Quito" in s and "Quito" in t and "Caracas" not in s + t for s, t in swapped)
    others = [(s, t) for s, t in swapped if "1,800" not in s]
    assert others
    for s, t in others:
        numbers = variation._NUMBER.findall(s)
        assert numbers
        assert all(variation.in_spanish(number) in t for number in numbers)


def test_another_number_is_of_any_shape_and_a_year_stays_one() -> None:
    rng = random.Random(3)
    others = [variation._another("107", rng) for _ in range(200)]
    assert all(re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", other) for other in others)
    assert any("," in other for other in others)
    assert any("." in other for other in others)
    assert all(1700 <= int(variation._another("1998", rng)) <= 2040 for _ in range(50))


def test_a_number_inside_another_is_left_alone() -> None:
    assert variation._count("In 1998 and 98 or 98.", "98") == 2
    assert variation.replaced("3.98 and 98", "98", "12") == "3.98 and 12"


def test_fragments_of_a_page_have_the_same_names_in_both_languages() -> None:
    rng = random.Random(2)
    for _ in range(100):
        english, spanish = variation.fragment(["Quito", "Romero"], rng)
        assert {"Quito", "Romero"} & set(english.replace(":", "").replace(",", "").split()) == {
            "Quito",
            "Romero",
        } & set(spanish.replace(":", "").replace(",", "").split())
