"""The files of the desk: nothing inline, nothing of another host, small, each module loaded at once."""

import gzip
import json
import re

from tests.conftest import ROOT

STATIC = ROOT / "service" / "desk" / "static"
PAGE = (STATIC / "index.html").read_text(encoding="utf-8")
MODULES = {
    path.relative_to(STATIC).as_posix(): path.read_text(encoding="utf-8")
    for path in STATIC.rglob("*.js")
}
TYPES_ONLY = "types.js"


def test_every_module_is_loaded_at_once() -> None:
    named = set(re.findall(r'(?:href|src)="([\w./-]+\.js)"', PAGE))
    assert named == set(MODULES) - {TYPES_ONLY}


def test_the_scripts_take_less_than_200_kilobytes_compressed() -> None:
    assert sum(len(gzip.compress(text.encode())) for text in MODULES.values()) < 200_000


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", PAGE)
    own = {name: text for name, text in MODULES.items() if not name.startswith("vendor/")}
    for name, text in own.items():
        assert not re.search(r"https?://\w|\sstyle=|\beval\(|innerHTML", text), name
    for path in STATIC.glob("*.css"):
        assert not re.search(r"@import|url\(", path.read_text(encoding="utf-8")), path


def test_what_is_vendored_has_its_licence_and_is_what_the_decision_names() -> None:
    assert "BSD 3-Clause" in (STATIC / "vendor" / "lit-html.LICENSE").read_text(encoding="utf-8")
    version = re.search(r'push\("([\d.]+)"\)', MODULES["vendor/lit-html.js"])
    decision = (ROOT / "docs" / "adr" / "0088-the-desk-is-drawn-with-lit-html.md").read_text(
        encoding="utf-8"
    )
    assert version is not None
    assert f"lit-html {version[1]}" in decision


def test_both_languages_have_the_same_messages() -> None:
    keys = {
        name: re.findall(r'^  ("[\w-]+"):', MODULES[f"messages.{name}.js"], re.MULTILINE)
        for name in ("en", "es")
    }
    assert sorted(keys["en"]) == sorted(keys["es"])
    assert len(set(keys["en"])) == len(keys["en"])
    used = {
        json.dumps(key) for text in MODULES.values() for key in re.findall(r'\bt\("([\w-]+)"', text)
    }
    assert used <= set(keys["en"])
