import pytest

from pipeline.glossary.articles import with_article


@pytest.mark.parametrize(
    ("text", "term", "right"),
    [
        ("Supo de los Partido Verde.", "Partido Verde", "Supo del Partido Verde."),
        ("La Partido Verde ganó.", "Partido Verde", "El Partido Verde ganó."),
        ("Fue al Organización X.", "Organización X", "Fue a la Organización X."),
        ("Llegó del Naciones Unidas.", "Naciones Unidas", "Llegó de las Naciones Unidas."),
        ("Es un Organización X.", "Organización X", "Es una Organización X."),
        ("Ganó el Partido Verde.", "Partido Verde", None),
        ("Partido Verde ganó.", "Partido Verde", None),
        ("La Jruschov habló.", "Jruschov", None),
    ],
)
def test_the_article_is_that_of_the_term(text: str, term: str, right: str | None) -> None:
    assert with_article(text, term, "es") == (right or text)


def test_only_spanish_articles_are_known() -> None:
    assert with_article("les Partido", "Partido", "fr") == "les Partido"
