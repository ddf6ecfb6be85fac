import pytest

from pipeline.article_language import detect_article


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola", "es"), ("Gracias", "es"), ("thanks", "en"), ("Buenos días", "es"), ("Good morning", "en"),
        ("Maduro", None), ("no", None),
        ("The trainer smiled and said: “Nos vamos a casa con los tres puntos.” Then he left.", "en"),
        ("El entrenador sonrió y dijo: «We are going home with all three points». Luego se fue.", "es"),
    ],
)  # fmt: skip
def test_the_language_of_what_a_text_says_itself(text: str, language: str | None) -> None:
    assert detect_article(text).language == language
