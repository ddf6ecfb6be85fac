"""The newsroom's own names: how it spells people and places in each language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from models.errors import WrongSetting
from pipeline.checks.words import words


@dataclass(frozen=True, slots=True, eq=False)
class OwnNames:
    """Rows of one name each, by language; several spellings in a cell are separated by "|"."""

    rows: tuple[Mapping[str, str], ...] = field(default=())

    @cache  # noqa: B019 - a table lives as long as its process
    def between(self, source: str, target: str) -> Mapping[str, frozenset[str]]:
        """For the folded words of a name in one language, the folded words in the other."""
        table: dict[str, set[str]] = {}
        for row in self.rows:
            theirs = {word.folded for word in words(row.get(target, ""))}
            for word in words(row.get(source, "")):
                if word.capital and theirs:
                    table.setdefault(word.folded, set()).update(theirs)
        return {name: frozenset(forms) for name, forms in table.items()}


NONE = OwnNames()


def load_names(path: Path | None) -> OwnNames:
    """Read a table of names: tabs between cells, language tags in the first line; WrongSetting.

    No path, no names.
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
            f"The table of names {path} begins with no line of languages, as en\tes."
        )
    for row in rows:
        if len(row) != len(header):
            raise WrongSetting(f"The table of names {path} has {len(row)} cells for {row[0]!r}.")
    return OwnNames(tuple(dict(zip(header, row, strict=True)) for row in rows))
