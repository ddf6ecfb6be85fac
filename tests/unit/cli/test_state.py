"""The state file of a running stack."""

import stat
from pathlib import Path

import pytest

from cli.state import State, find_state, use_running_stack, write_state
from service.settings import Settings

STATE = State(address="http://127.0.0.1:8123", redis_url="redis://user:secret@127.0.0.1:6390")


def test_a_stack_is_found_by_its_folder(tmp_path: Path) -> None:
    assert find_state(tmp_path) is None
    file = write_state(tmp_path, STATE)
    assert find_state(tmp_path) == STATE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("{")
    assert find_state(tmp_path) is None


def test_the_environment_comes_before_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    write_state(tmp_path / "data", STATE)
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DRAGOMAN_{name}", "")
        monkeypatch.delenv(f"DRAGOMAN_{name}")
    monkeypatch.setenv("DRAGOMAN_REDIS_URL", "redis://elsewhere:6379")
    use_running_stack()
    assert Settings().redis_url == "redis://elsewhere:6379"
    monkeypatch.delenv("DRAGOMAN_REDIS_URL")
    use_running_stack()
    settings = Settings()
    assert (settings.redis_url, settings.host, settings.port) == (
        STATE.redis_url,
        "127.0.0.1",
        8123,
    )
    for name in ("HOST", "PORT", "REDIS_URL"):
        monkeypatch.delenv(f"DRAGOMAN_{name}")
