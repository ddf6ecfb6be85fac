import pytest

from models.language_model import embedded
from pipeline.repair.respelling import respelled
from pipeline.spans import Span


def respell(
    source: str, text: str, word: str, languages: tuple[str, str] = ("en", "es")
) -> str | None:
    model = embedded(languages[1])
    assert model is not None
    start = text.index(word)
    return respelled(source, text, Span(start, start + len(word)), languages, model)


@pytest.mark.parametrize(
    ("source", "text", "word", "meant"),
    [
        ("The government is evaluating it.", "El gobierno lo está evalúando.", "evalúando", "evaluando"),
        ("It challenges the law.", "Eso desafia la ley.", "desafia", "desafía"),
        ("He traveled seven hours.", "Él viajou siete horas.", "viajou", "viajó"),
        ("They broke windows.", "Ellos romperon ventanas.", "romperon", "rompieron"),
        ("There were tenders.", "Había licitacións.", "licitacións", "licitaciones"),
        ("Vaccines are free.", "Vacinas gratuitas.", "Vacinas", "Vacunas"),
    ],
)  # fmt: skip
def test_the_word_that_was_meant_takes_the_place(
    source: str, text: str, word: str, meant: str
) -> None:
    assert respell(source, text, word) == text.replace(word, meant)


@pytest.mark.parametrize(
    ("source", "text", "word", "meant"),
    [
        ("El programa terminó.", "The programm ended.", "programm", "program"),
    ],
)
def test_portuguese_endings_are_replaced_in_spanish_only(
    source: str, text: str, word: str, meant: str
) -> None:
    assert respell(source, text, word, ("es", "en")) == text.replace(word, meant)


@pytest.mark.parametrize(
    ("source", "text", "word"),
    [
        # Real words that are near, but translate nothing of the source.
        ("The new anti-pneumococcus vaccines.", "Las vacunas antipneumococcus.", "antipneumococcus"),
        ("A wildcat strike.", "Una huelga espones.", "espones"),
        # The word that is meant stands there already.
        ("This is a serious problem.", "Es un proble problema serio.", "proble"),
    ],
)  # fmt: skip
def test_a_word_that_may_mean_anything_stays(source: str, text: str, word: str) -> None:
    assert respell(source, text, word) is None
