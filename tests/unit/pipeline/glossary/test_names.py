from pathlib import Path

import pytest

from models.errors import WrongSetting
from pipeline.checks import check
from pipeline.glossary.names import load_names


def test_the_newsrooms_spelling_is_right(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text("en\tes\nYarmouth\tJarmuta\n", encoding="utf-8")
    source, target = "The mayor of Yarmouth left.", "El alcalde de Jarmuta se fue."
    assert [flag.code for flag in check(source, target, "en", "es")] == [
        "name-missing",
        "unknown-word",
    ]
    assert check(source, target, "en", "es", load_names(table).between("en", "es")) == []
    assert check(target, source, "es", "en", load_names(table).between("es", "en")) == []


@pytest.mark.parametrize(
    ("text", "says"), [("", "language tags"), ("en\tes\nYarmouth\n", "1 cells")]
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, says: str) -> None:
    table = tmp_path / "names.tsv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(WrongSetting, match=says):
        load_names(table)
    with pytest.raises(WrongSetting, match="cannot be read"):
        load_names(tmp_path / "none.tsv")
