import pytest

from pipeline.summaries.leaning import asks, leans


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Her lawyer denied it."), ("en", "As a result, the pier closed."),
        ("en", "The latter agreed."),
        ("en", "One of them has a boat."), ("en", "Yet nobody came."), ("en", "That is the reason."),
        ("en", "Yes, on Mondays."), ("en", "“We will go,” he said."), ("en", "These boats leak."),
        ("es", "Su abogado lo negó."), ("es", "Por eso cerró el muelle."), ("es", "Este último aceptó."),
        ("es", "No obstante, nadie vino."), ("es", "Añadió que no iría."),
        ("es", "Una de ellas tiene barco."),
        ("es", "«Iremos», ha dicho."), ("es", "Dichas obras costarán más."),
        ("es", "Esos barcos hacen agua."),
    ],
)  # fmt: skip
def test_it_needs_the_sentence_before(language: str, text: str) -> None:
    assert leans(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council closed the pier."), ("en", "This week the ferry came back."),
        ("en", "Both sides of the harbour are closed."), ("en", "The decision of the court is final."),
        ("en", "Andrew Hale left."), ("en", "“The pier is gone,” said Kim Lund."),
        ("es", "El pleno cerró el muelle."), ("es", "Este lunes volvió el barco."),
        ("es", "La decisión del tribunal es firme."), ("es", "Yolanda Sanz dimitió."),
        ("es", "«Ya no hay muelle», dijo Eva Sanz."),
    ],
)  # fmt: skip
def test_it_stands_alone(language: str, text: str) -> None:
    assert not leans(text, language)


def test_a_question_asks() -> None:
    assert asks("What will it cost?")
    assert asks("“Why?”")
    assert not asks("He asked why.")
