"""The reference of HTTP has every call, every check's code and every error as they are."""

import re
from collections.abc import Iterator
from pathlib import Path

import models.errors
import pipeline.errors
import service.errors
from models.errors import DragomanError
from pipeline.checks import Code
from service.front.app import create_app
from service.settings import Settings
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")
MODULES = {module.__name__ for module in (models.errors, pipeline.errors, service.errors)}
NOT_ANSWERED = {"setting", "catalogue", "fetch-failed", "key-not-found", "lease-lost"}
"""Only the command line and workers meet them."""


def test_every_call_is_listed_once(tmp_path: Path) -> None:
    settings = Settings(batches_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'stories.db'}")
    listed = re.findall(r"^\| `([A-Z]+ [^`?]+)", PAGE, re.MULTILINE)
    calls = [
        f"{method.upper()} {path}"
        for path, methods in create_app(settings).openapi()["paths"].items()
        for method in methods
    ]
    assert sorted(map(_unnamed, listed)) == sorted(map(_unnamed, calls))


def test_every_code_of_the_checks_is_listed_once() -> None:
    found = re.search(r"codes are stable: (.*?)\. An `error`", PAGE, re.DOTALL)
    assert found is not None
    assert sorted(re.findall(r"`([a-z-]+)`", found[1])) == sorted(Code)


def test_every_error_is_listed_once_with_its_status() -> None:
    listed = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    errors = {(str(error.status), error.code) for error in _errors(DragomanError)}
    assert sorted(listed) == sorted(one for one in errors if one[1] not in NOT_ANSWERED)


def _unnamed(call: str) -> str:
    """The call without the names of its path's parameters."""
    return re.sub(r"\{\w+\}", "{}", call)


def _errors(root: type[DragomanError]) -> Iterator[type[DragomanError]]:
    if root.__module__ in MODULES:
        yield root
    for error in root.__subclasses__():
        yield from _errors(error)
