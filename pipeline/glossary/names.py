"""The newsroom's own table of names, a glossary in several languages that every translation uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from models.errors import WrongSetting
from pipeline.checks.spelling import Spellings
from pipeline.checks.words import words
from pipeline.glossary.candidates import Candidates
from pipeline.glossary.terms import Term


@dataclass(frozen=True, slots=True, eq=False)
class OwnNames:
    """One row for each name, by language; several spellings in a cell are separated by "|"."""

    rows: tuple[Mapping[str, str], ...] = field(default=())

    @cache  # noqa: B019 - a table lives as long as its process
    def terms(self, source: str, target: str) -> Candidates:
        """The names as terms; of several spellings in the target language any is right."""
        return Candidates(
            Term(source=ours, target=theirs, match_case=True)
            for row in self.rows
            for ours in _spellings(row.get(source, ""))
            for theirs in _spellings(row.get(target, ""))
        )

    @cache  # noqa: B019 - as above
    def between(self, source: str, target: str) -> Spellings:
        """Folded words of names in the source language mapped to their folded words in the target."""
        table: dict[str, set[str]] = {}
        for row in self.rows:
            theirs = {word.folded for word in words(row.get(target, ""))}
            for word in words(row.get(source, "")):
                if word.capital and theirs:
                    table.setdefault(word.folded, set()).update(theirs)
        return {name: frozenset(forms) for name, forms in table.items()}


NONE = OwnNames()


def load_names(path: Path | None) -> OwnNames:
    """Read a tab-separated table of names whose first line has language tags.

    Without a path the table is empty. Raises WrongSetting if the file cannot be read.
    """
    if path is None:
        return NONE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSetting(f"The table of names {path} cannot be read: {error}") from error
    header, *rows = [line.split("\t") for line in lines if line.strip()] or [[]]
    if len(header) < 2:
        raise WrongSetting(
            f"The first line of the table of names {path} has no language tags: begin it with en\tes."
        )
    for row in rows:
        if len(row) != len(header):
            raise WrongSetting(
                f"The table of names {path} has {len(row)} cells in the row of {row[0]!r}: "
                f"write {len(header)}."
            )
    return OwnNames(tuple(dict(zip(header, row, strict=True)) for row in rows))


def _spellings(cell: str) -> list[str]:
    """The spellings of a cell that have a word."""
    return [text for part in cell.split("|") if words(text := part.strip())]
