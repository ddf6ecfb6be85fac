"""Words translated by one that only looks alike."""

import pytest

from pipeline.checks.false_friends import false_friends
from pipeline.checks.reading import read


@pytest.mark.parametrize(
    ("source", "target", "original", "translation", "found"),
    [
        ("es", "en", "Los asistentes aplaudieron.", "The assistants applauded.", ["assistants"]),
        ("es", "en", "Está constipado.", "He is constipated.", ["constipated"]),
        ("en", "es", "It was a success.", "Fue un suceso.", ["suceso"]),
        ("en", "es", "The library is shut.", "La librería está cerrada.", ["librería"]),
        ("en", "es", "Four assistants came.", "Vinieron cuatro asistentes.", []),
        ("es", "en", "Los asistentes aplaudieron.", "The audience applauded.", []),
        ("es", "pt", "Está constipado.", "Está constipado.", []),
    ],
)
def test_false_friends(
    source: str, target: str, original: str, translation: str, found: list[str]
) -> None:
    flags = false_friends(read(original, source), read(translation, target))
    spans = [flag.target for flag in flags]
    assert [translation[slice(*span)] for span in spans if span is not None] == found
