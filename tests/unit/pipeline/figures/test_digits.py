"""Figures from one notation to another."""

import pytest

from pipeline.figures.digits import in_notation, localized


@pytest.mark.parametrize(
    ("figure", "spanish"),
    [
        ("1,800", "1.800"),
        ("1,234,567.89", "1.234.567,89"),
        ("3.5", "3,5"),
        ("2024", "2024"),
        ("107", "107"),
        ("1.2.3", "1.2.3"),
        ("610.473", "610.473"),  # a decimal, or thousands written as in Spain
        ("12,5", "12,5"),  # no number in English
    ],
)
def test_to_spanish(figure: str, spanish: str) -> None:
    assert localized(figure, "en", "es") == spanish
    assert localized(figure, "en", "en") == figure


def test_only_what_was_copied_is_changed() -> None:
    source = "Over 1,800 people, 3.5% and version 1.2.3; 6-4."
    copied = "Más de 1,800 personas, 3,5% y 2.400 de la versión 1.2.3; 6-4."
    assert (
        in_notation(copied, source, "en", "es")
        == "Más de 1.800 personas, 3,5% y 2.400 de la versión 1.2.3; 6-4."
    )


@pytest.mark.parametrize(
    ("source", "copied", "right"),
    [
        ("Debe 2.345.678,90 euros.", "He owes 2.345.678.90 euros.", "He owes 2,345,678.90 euros."),
        ("Son 12.345.678 votos.", "There are 12,345.678 votes.", "There are 12,345.678 votes."),
        ("Es la versión 1.2.3.", "It is version 1.2.3.", "It is version 1.2.3."),
        ("Ganó 6-4, 3-6.", "He won 6-4, 3-6.", "He won 6-4, 3-6."),
    ],
)
def test_marks_that_make_no_number_are_corrected(source: str, copied: str, right: str) -> None:
    assert in_notation(copied, source, "es", "en") == right
