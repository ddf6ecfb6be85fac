"""People named with ordinary words are told from what the words mean."""

import pytest

from pipeline.checks.people import people


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Grace Field met Rob Stone.", ["Grace Field", "Rob Stone"]),
        ("en", "Mr Israel and Ms Day left with Dr. Wood.", ["Israel", "Day", "Wood"]),
        ("en", "Frank Bishop MP resigned.", ["Frank Bishop"]),
        ("en", "By Summer Lane and Guy Small in Leeds", ["Summer Lane", "Guy Small"]),
        ("en", "Photograph: Faith Little/AFP", ["Faith Little"]),
        ("en", "Wanderers 2, Arrows 1", ["Wanderers", "Arrows"]),
        ("en", "Georgia State University and Paris Saint-Germain won.", []),
        ("en", "Will Labour win in May?", []),
        ("en", "The Grace Church Hospital burned.", []),
        ("en", "Officials of Jordan met in Chad.", []),
        ("es", "Ana de la Fuente y Pedro del Río", ["Ana de la Fuente", "Pedro del Río"]),
        ("es", "Habló la señora Luz Campos Rojo.", ["Luz Campos Rojo"]),
        ("es", "De la Cruz, de 41 años, ganó.", ["De la Cruz"]),
        ("es", "El Marco de las Naciones Unidas", []),
        ("es", "Del Gobierno depende todo.", []),
        ("de", "Rob Stone kam.", []),
    ],
)
def test_names(language: str, text: str, names: list[str]) -> None:
    assert [text[slice(*span)] for span in people(text, language)] == names
