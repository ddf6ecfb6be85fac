import pytest

from pipeline.documents.boilerplate import is_furniture


@pytest.mark.parametrize(
    "line",
    ["• en", "ON NOW", "Follow us on:", "Share this article", "Advertisement", "Read more »",
     "Sign up for our newsletter", "EN | ES", "12 Comments", "Síguenos en:", "Related stories"],
)  # fmt: skip
def test_lines_of_the_page(line: str) -> None:
    assert is_furniture([line]) == [True]


@pytest.mark.parametrize(
    "line",
    ["En julio", "No.", "A slow return", "Share prices fell on Monday.", "Home sales rise",
     "Search for survivors goes on", "Copyright law will change next year.", "Good morning!",
     "Read more books, the minister told pupils.", "Related companies must now say so.",
     "The ferry: what we know", "Watch: a tool that few repair",
     "Comments by the minister drew anger", "It is on now."],
)  # fmt: skip
def test_lines_of_the_story(line: str) -> None:
    assert is_furniture([line]) == [False]


def test_a_line_that_comes_again_is_the_storys() -> None:
    lines = ["Ann, 34", "Yes", "Bob, 51", "Yes", "WE SHALL STAY", "WE SHALL STAY"]
    assert not any(is_furniture(lines))


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Save", "Turn the heating down.", "Search", "Compare prices."], [0, 0, 0, 0]),
        (["Share on Facebook", "Save", "Print", "The ferry came."], [1, 1, 1, 0]),
        (["Home", "Opinion", "Search", "The ferry came."], [1, 1, 1, 0]),
        (["Guardar", "Apague la luz.", "Compartir en X", "Imprimir"], [0, 0, 1, 1]),
        (["The end.", "Comments (2)", "kim87 3 hours ago", "I doubt it."], [0, 1, 1, 1]),
        (["The end.", "Comments", "The minister would not say more."], [0, 0, 0]),
    ],
)
def test_a_word_that_may_head_a_paragraph_needs_evidence(
    lines: list[str], found: list[int]
) -> None:
    assert is_furniture(lines) == [bool(value) for value in found]


@pytest.mark.parametrize(
    "line",
    ["Also read: Five bridges that may close", "Lee también: Cinco puentes en mal estado",
     "Tags: ferries, islands", "Etiquetas: transbordador, islas",
     "© 2031 Harbour Post. All rights reserved.",
     "Copyright 2031 Harbour Post. No part may be copied.",
     "Your browser does not support the audio element.",
     "0:00 / 4:12", "Tiempo de lectura: 4 min", "Good evening. Here is what you need to know tonight.",
     "Buenas noches. Empezamos aquí la cobertura del temporal.",
     "That's all for today. Thanks for reading.",
     "Nos leemos mañana.", "Portada › Islas › Transporte", "Privacy policy | Contact",
     "Suscríbase a nuestro boletín diario"],
)  # fmt: skip
def test_what_no_story_says(line: str) -> None:
    assert is_furniture([line]) == [True]
