"""Line numbers in TOML text, for error messages; tomllib does not report them."""

import re
import tomllib


def find_line(text: str, table: str, key: str | None = None) -> int:
    """Return the line, counted from 1, of a key in a top-level table.

    Returns the line of the table itself if no key is given, or if the key is not written as `key = …`.
    """
    table_line, in_table = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        header = _header(line)
        if header:
            in_table = header[0] == table
            if in_table:
                table_line = table_line or number
                if key in header[1:2]:
                    return number
        elif in_table and key is not None and _assigns(key, line):
            return number
        elif not in_table and _assigns(table, line):
            table_line = table_line or number
    return table_line or 1


def _header(line: str) -> list[str]:
    """Return the names in a table's header, outermost first; an empty list for any other line."""
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
