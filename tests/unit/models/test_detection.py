import pytest

from models.detection import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor said 107 people were released. The vote is in July.", "en"),
        ("El alcalde dijo que la votación es en julio.", "es"),
        ("Der Bürgermeister sagte, dass 107 Menschen freigelassen wurden.", "de"),
    ],
)
def test_the_language_of_a_sentence(text: str, language: str) -> None:
    found = detect(text)
    assert found.language == language
    assert found.confidence > 0.5
    assert found.candidates[0][0] == language


@pytest.mark.parametrize("text", ["OK", "Maduro", "12:30 45% €", "\x00\ud800", ""])
def test_the_language_of_too_little_text_is_not_guessed(text: str) -> None:
    found = detect(text)
    assert found.language is None
    assert found.reason


def test_the_reason_names_the_languages_of_a_mixed_text() -> None:
    english = (
        "The government said on Monday that the election will be held in the first week of July."
    )
    spanish = "El gobierno dijo el lunes que las elecciones serán en la primera semana de julio."
    found = detect(f"{english}\n\n{spanish}")
    assert found.language is None
    assert found.reason == "it mixes en and es"


def test_a_quote_in_another_language_does_not_make_it_mixed(article: str) -> None:
    assert detect(article + "\n\n“No lo sabemos todavía”, dijo.").language == "en"
