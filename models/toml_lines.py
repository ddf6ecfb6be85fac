"""Where in a TOML text a table or a key stands: for errors that name their line. tomllib does not tell."""

import re
import tomllib


def line_of(text: str, table: str, key: str | None = None) -> int:
    """The line, counted from 1, of the key in the top-level table; the table's own without a key.

    A key that is not found as `key = …` in its table has the table's line.
    """
    first, inside = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        header = _header(line)
        if header:
            inside = header[0] == table
            if inside:
                first = first or number
                if key in header[1:2]:
                    return number
        elif inside and key is not None and _assigns(key, line):
            return number
        elif not inside and _assigns(table, line):
            first = first or number
    return first or 1


def _header(line: str) -> list[str]:
    """The names in the header of a table, from the top; none where the line is no header."""
    if not line.lstrip().startswith("["):
        return []
    try:
        value: object = tomllib.loads(line)
    except tomllib.TOMLDecodeError:  # a line of an array
        return []
    names = []
    while value:
        if isinstance(value, dict):
            ((name, value),) = value.items()
            names.append(name)
        elif isinstance(value, list):
            (value,) = value
    return names


def _assigns(name: str, line: str) -> bool:
    return re.match(rf"""\s*["']?{re.escape(name)}["']?\s*=""", line) is not None
