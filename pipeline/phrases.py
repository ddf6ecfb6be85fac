"""Phrases that tell what a line is, kept as data: a regular expression a line, a remark after "#"."""

import re
from importlib.resources import files


def phrases(path: str, **parts: str) -> re.Pattern[str]:
    """Any of the expressions of a file under `pipeline/`, in any case.

    What stands in braces there is one of `parts`.
    """
    text = files("pipeline").joinpath(path).read_text(encoding="utf-8")
    expressions = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = "|".join(expressions)
    for part, expression in parts.items():
        joined = joined.replace(f"{{{part}}}", expression)
    return re.compile(joined, re.IGNORECASE)
