from pathlib import Path

import pytest

from models.training import evaluate


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
