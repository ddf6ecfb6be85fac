"""The documentation is complete: every page is in the navigation, every decision in the index."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.conftest import ROOT

DOCS = ROOT / "docs"
ADRS = DOCS / "adr"
ROW = re.compile(r"\| \[(\d{4})\]\((\S+\.md)\) \| (.+?) \| (.+?) \|")


def test_every_decision_is_in_the_index_with_its_title_and_status() -> None:
    rows = ROW.findall((ADRS / "README.md").read_text(encoding="utf-8"))
    titles = {
        path.name: path.read_text(encoding="utf-8").splitlines()[0]
        for path in sorted(ADRS.glob("[0-9]*.md"))
    }
    assert {name: f"# {number} {title}" for number, name, title, _ in rows} == titles
    assert len({number for number, *_ in rows}) == len(rows)
    for *_, status in rows:
        assert re.match(r"accepted|superseded by|replaced", status), status


def test_every_page_is_in_the_navigation() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert set(paths(nav)) == {page for page in pages if not page.startswith("adr/0")}


def paths(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            for section in entry.values():
                yield from paths(section)
