"""Words with another sense, by tables of sentences: those that are doubted, and those that are not."""

import pytest

from pipeline.checks.reading import read
from pipeline.checks.senses import doubtful


@pytest.mark.parametrize(
    ("source", "target", "original", "translation", "doubted"),
    [
        ("es", "en", "El concejal dimitió ayer.", "The donor resigned yesterday.", "concejal"),
        (
            "es",
            "en",
            "El vocero anunció la noticia.",
            "The grandfather announced the news.",
            "vocero",
        ),
        (
            "es",
            "en",
            "No aceptaremos migajas de nadie.",
            "We will not accept anyone's images.",
            "migajas",
        ),
        ("en", "es", "There is a rush on at the buffet.", "Hay una prisa en el buque.", "buffet"),
        ("en", "es", "Fifa appoints the countries.", "La Fifa califica a los países.", "appoints"),
        (
            "en",
            "es",
            "He found some priceless stones.",
            "Encontró unas piedras inútiles.",
            "priceless",
        ),
        # Right, if not word for word.
        ("es", "en", "El concejal dimitió ayer.", "The councillor resigned yesterday.", None),
        ("en", "es", "The police arrested two men.", "La policía detuvo a dos hombres.", None),
        ("en", "es", "Prices rose sharply in May.", "Los precios subieron mucho en mayo.", None),
        ("es", "en", "El alcalde inauguró la feria.", "The mayor opened the fair.", None),
        ("es", "en", "Perfecto.", "Perfect.", None),
        # No vectors.
        ("en", "fr", "The donor resigned.", "Le conseiller a démissionné.", None),
    ],
)
def test_what_is_doubted(
    source: str, target: str, original: str, translation: str, doubted: str | None
) -> None:
    doubts = doubtful(read(original, source), read(translation, target))
    assert [doubt.source.text for doubt in doubts] == ([doubted] if doubted else [])
