"""The index of decisions lists each of them once, with its title and a status."""

import re

from tests.conftest import ROOT

ADRS = ROOT / "docs" / "adr"
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
