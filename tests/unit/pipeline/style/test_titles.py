"""Titles of works: kept whole where they are half translated."""

import pytest

from pipeline.style.titles import with_whole_titles


@pytest.mark.parametrize(
    ("source", "translation", "right"),
    [
        (
            "“Barbie” and “Gone with the Wind” won.",
            "“Barbie” y “Gone con el viento” ganaron.",
            "“Barbie” y “Gone with the Wind” ganaron.",
        ),
        (
            "“Death of a Salesman” won.",
            "Ganó “La muerte de un Salesman”.",
            "Ganó “Death of a Salesman”.",
        ),
        (
            '"A Street Cat Named Bob" won.',
            'Ganó "A Street Cat nombre Bob".',
            'Ganó "A Street Cat Named Bob".',
        ),
        # Translated or kept whole.
        ("“The Wealth of Nations” won.", "Ganó “La riqueza de las naciones”.", None),
        ("“The Silence of the Lambs” won.", "Ganó “The Silence of the Lambs”.", None),
        # No titles.
        ("The “Arab Spring” began.", "La “primavera Spring” comenzó.", None),
        ("“We will never leave,” he said.", "“Nunca vamos a leave”, dijo.", None),
        # Another number of quotations.
        ("“Gone with the Wind” won.", "Ganó “Gone” con “el viento”.", None),
    ],
)
def test_titles(source: str, translation: str, right: str | None) -> None:
    assert with_whole_titles(translation, source, "en", "es") == (right or translation)
