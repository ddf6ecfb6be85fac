"""Where sentences end; each row is one text, cut where a bar stands."""

import pytest

from pipeline.sentences import LONGEST, sentences


@pytest.mark.parametrize(
    "row",
    [
        "The vote opened at 8 a.m. ET on Nov. 6.|It closed at 7 p.m. Pacific time.",
        "He came at 8 p.m.|Officials said so.",
        "Marsh Bros. Foods fell.|The Hale Bros. were funny.",
        "The owner of Zoop! Japan said so.|“Stop!” he said.|Stop!|Police are here.",
        "She joined Acme Inc.|She left soon.",
        "See Vol. 3, pp. 4-9.|It is there.",
        "He left the U.S.|It was late.",
        "i know pat left.|she stayed.",
    ],
)
def test_english(row: str) -> None:
    parts = row.split("|")
    assert sentences(" ".join(parts), "en") == parts


@pytest.mark.parametrize(
    "row",
    [
        "La oficina, en la pl. Nueva, n.º 9, cierra.|Abre el lunes.",
        "El 2.º piso y la 5.ª planta.|D.ª Eva Sanz, de Gil & Hnos. Sanz, firmó.",
        "El Ayto. de Lugo pagó.|La U.D. Las Lomas ganó.",
        "Llegó a las 9 a. m. hora local.|Se fue pronto.",
        "La revista ¡Vaya! publicó fotos.|Nada más.",
        "Dña. Ana y Mons. Pérez hablaron.|Fue breve.",
    ],
)
def test_spanish(row: str) -> None:
    parts = row.split("|")
    assert sentences(" ".join(parts), "es") == parts


def test_no_sentence_is_longer_than_the_longest() -> None:
    text = "word, " * 2_000
    parts = sentences(text, "en")
    assert "".join(" ".join(parts).split()) == "".join(text.split())
    assert max(map(len, parts)) <= LONGEST
