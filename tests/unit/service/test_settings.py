import re

import pytest

from models.errors import WrongSetting
from service.settings import Settings, get_settings
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PORT", "x", "DRAGOMAN_PORT"),
        ("LOG_LEVEL", "loud", "DRAGOMAN_LOG_LEVEL"),
        ("JOB_SECONDS", "9999", "visibility_seconds"),
        ("RETENTION_SECONDS", "0", "DRAGOMAN_RETENTION_SECONDS"),
    ],
)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"DRAGOMAN_{variable}", value)
    with pytest.raises(WrongSetting, match=says):
        get_settings()


def test_an_empty_value_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_CATALOGUE", "")
    assert get_settings().catalogue is None


def test_a_list_is_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_PRELOAD", "embedded/en-es, own/es-en")
    assert get_settings().preload == ("embedded/en-es", "own/es-en")


def test_the_reference_says_every_setting_as_it_is() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = {
        variable: (default.strip("`"), about)
        for variable, default, about in re.findall(r"\| `(\w+)` \| (.*?) ?\| (.*) \|", text)
    }
    assert rows == {
        f"DRAGOMAN_{name.upper()}": (
            "" if field.default in (None, ()) else str(field.default),
            field.description,
        )
        for name, field in Settings.model_fields.items()
    }
