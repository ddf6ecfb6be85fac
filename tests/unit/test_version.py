"""The version is written in pyproject.toml; everything else takes it from there."""

import tomllib
from importlib.metadata import version

import yaml
from typer.testing import CliRunner

from cli.app import app
from service.front.app import create_app
from service.settings import Settings
from tests.conftest import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_the_installed_package_has_it() -> None:
    assert version("dragoman") == VERSION


def test_the_command_line_prints_it() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"{VERSION}\n"


def test_the_openapi_document_has_it() -> None:
    assert create_app(Settings()).openapi()["info"]["version"] == VERSION


def test_the_image_is_tagged_with_it() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    tags = {service["image"] for name, service in services.items() if name != "redis"}
    assert tags == {f"dragoman:{VERSION}"}
