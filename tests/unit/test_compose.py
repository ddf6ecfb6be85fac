"""The containers' files, as far as they can be checked where no engine runs."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Settings
from tests.conftest import ROOT

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        ["hadolint", "Dockerfile"],
    ],
)
def test_the_files_are_well_formed(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_guarded(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {
        "redis",
        "api",
        "worker-interactive",
        "worker-batch",
        "courier",
    }
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["healthcheck"]["test"][0] == "CMD"
        assert isinstance(service["command"], list)
        assert service["stop_grace_period"]
        assert service["deploy"]["resources"]["limits"]["memory"]


def test_what_the_services_run_is_there(compose: dict[str, Any]) -> None:
    """Each command and health check is one that the command line parses."""
    for service in compose["services"].values():
        for command in (service["command"], service["healthcheck"]["test"][1:]):
            if command[0] == "dragoman":
                done = subprocess.run(
                    [BIN / "dragoman", *command[1:], "--help"], capture_output=True, check=False
                )
                assert done.returncode == 0, command


def test_the_front_and_the_workers_see_the_same_models(compose: dict[str, Any]) -> None:
    for name in ("api", "worker-interactive", "worker-batch"):
        assert "models:/models" in compose["services"][name]["volumes"]


def test_redis_keeps_what_was_accepted(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--appendonly"] == "yes"
    assert options["--maxmemory-policy"] == "noeviction"


def test_the_example_settings_are_the_defaults() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for variable, value in given.items():
        assert str(defaults[variable.removeprefix("DRAGOMAN_").lower()]) == value


def test_what_the_image_copies_is_not_ignored() -> None:
    kept = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        word.split("/")[0]
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    assert copied == kept
    for name in kept:
        assert (ROOT / name).exists()
