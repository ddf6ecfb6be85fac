from pathlib import Path

from models.residency import Residency
from models.training.back_translation import write_sources
from models.training.direction import DIRECTIONS
from service.settings import Settings


def test_sources_are_written_line_by_line_and_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    settings = Settings()
    model = settings.load_catalogue().get("embedded/en-es", "translate")
    translator = Residency(settings.models_dir, settings.models_bytes).translator(model)
    targets = [
        "The vote is in July.",
        "far too long " * 100,
        "He is a teacher.",
        "The house is red.",
    ]
    written = tmp_path / "written.es"
    written.write_text("Kept.\n\nHalf of a li", encoding="utf-8")
    write_sources(translator, DIRECTIONS["es-en"], targets, written)
    lines = written.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["Kept.", ""]
    assert len(lines) == 4
    assert "casa" in lines[3]
    written.unlink()
    write_sources(translator, DIRECTIONS["es-en"], targets, written)
    assert written.read_text(encoding="utf-8").splitlines()[1:] == lines[1:]
