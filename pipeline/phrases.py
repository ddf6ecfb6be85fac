"""Phrases that identify the kind of a line, kept as data: one regular expression a line, "#" for comments."""

import re
from importlib.resources import files


def compile_expressions(path: str, **parts: str) -> re.Pattern[str]:
    """Compile a pattern for any of the expressions of a file under `pipeline/`, ignoring case.

    Names in braces in the file are replaced with `parts`.
    """
    text = files("pipeline").joinpath(path).read_text(encoding="utf-8")
    expressions = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = "|".join(expressions)
    for part, expression in parts.items():
        joined = joined.replace(f"{{{part}}}", expression)
    return re.compile(joined, re.IGNORECASE)
