"""Numbers of versions stay as they are."""

import pytest

from pipeline.figures.digits import in_notation


@pytest.mark.parametrize(
    ("source", "draft", "right"),
    [
        ("macOS 14.2 is out.", "Salió macOS 14.2.", "Salió macOS 14.2."),
        ("Version 3.11 of it", "La versión 3.11", "La versión 3.11"),
        ("Update to 5.10.2 now.", "Actualice a 5.10.2.", "Actualice a 5.10.2."),
        ("It rose 14.2 points.", "Subió 14.2 puntos.", "Subió 14,2 puntos."),
        ("A lap of 58.204s", "Una vuelta de 58.204s", "Una vuelta de 58,204s"),
        ("It is 3.5x more.", "Es 3.5x más.", "Es 3,5x más."),
        ("a debt of 3.4bn", "una deuda de 3,4 mil millones", "una deuda de 3.400 millones"),
    ],
)
def test_spanish(source: str, draft: str, right: str) -> None:
    assert in_notation(draft, source, "en", "es") == right


def test_english_has_billions() -> None:
    draft = "a debt of 7,300 million"
    assert in_notation(draft, "una deuda de 7.300 millones", "es", "en") == "a debt of 7.3 billion"
