import pytest

from models.training import figures


@pytest.mark.parametrize(
    ("source", "output", "kept"),
    [
        ("It had 1,800 people.", "Tenía 1.800 personas.", True),
        ("It had 107 people.", "Tenía 102 personas.", False),
        ("It had 3 people.", "Tenía tres personas.", True),
        ("It had 1 chance.", "Tenía una oportunidad.", True),
        ("It had 25 people.", "Tenía veinte personas.", False),
        ("No number.", "Ninguno.", True),
    ],
)
def test_numbers_are_kept_in_spanish_notation_or_in_words(
    source: str, output: str, kept: bool
) -> None:
    assert figures.keeps_numbers(source, output, "es") is kept


def test_names_are_what_the_reference_keeps() -> None:
    source = "Yesterday Alfredo Romero left London."
    assert figures.names(source, "Ayer Alfredo Romero dejó Londres.") == {"Alfredo", "Romero"}


def test_figures_of_a_perfect_and_of_an_empty_translation() -> None:
    sources = ["The mayor met Alfredo Romero and 107 people.", "He left."]
    references = ["El alcalde se reunió con Alfredo Romero y 107 personas.", "Se fue."]
    best = figures.figures(sources, references, references, "es")
    assert best == {"bleu": 100.0, "chrf": 100.0, "numbers": 100.0, "names": 100.0}
    worst = figures.figures(sources, references, ["", ""], "es")
    assert worst["names"] == worst["numbers"] == 0.0


def test_words_in_neither_the_language_model_nor_the_source_are_unknown() -> None:
    sources = ["The Tuvunes met the mayor."]
    references = ["Los Tuvunes vieron al alcalde."]
    good = figures.fluency(sources, references, references, "es")
    bad = figures.fluency(sources, references, ["Los Tuvunes vidieron al alcaldo."], "es")
    assert (good["unknown"], good["length"]) == (0, 1)
    assert bad["unknown"] == 400
    assert bad["fluency"] < good["fluency"]
    assert figures.fluency(sources, references, references, "fr") == {"length": 1}
