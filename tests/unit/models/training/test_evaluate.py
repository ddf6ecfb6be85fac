from pathlib import Path

import pytest

from models.training import evaluate


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
    assert evaluate.keeps_numbers(source, output, "es") is kept


def test_names_are_what_the_reference_keeps() -> None:
    source = "Yesterday Alfredo Romero left London."
    assert evaluate.names(source, "Ayer Alfredo Romero dejó Londres.") == {"Alfredo", "Romero"}


def test_figures_of_a_perfect_and_of_an_empty_translation() -> None:
    sources = ["The mayor met Alfredo Romero and 107 people.", "He left."]
    references = ["El alcalde se reunió con Alfredo Romero y 107 personas.", "Se fue."]
    best = evaluate.figures(sources, references, references, "es")
    assert best == {"bleu": 100.0, "chrf": 100.0, "numbers": 100.0, "names": 100.0}
    worst = evaluate.figures(sources, references, ["", ""], "es")
    assert worst["names"] == worst["numbers"] == 0.0


def test_the_command_measures_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "en").write_text("The vote is in July.\nHe had 107 votes.\n", encoding="utf-8")
    (tmp_path / "es").write_text("La votación es en julio.\nTuvo 107 votos.\n", encoding="utf-8")
    arguments = ["--source", str(tmp_path / "en"), "--reference", str(tmp_path / "es")]
    monkeypatch.setattr("sys.argv", ["evaluate", *arguments, "--beam", "2"])
    evaluate.main()
    printed = capsys.readouterr().out
    assert "numbers  100.00" in printed
    assert "nrefs:1|case:mixed" in printed
    assert "sentences a second" in printed
    assert "> " in printed
