"""What may not change in a translation, and what has changed: numbers, dates, names, quotes.

Rules that know the notations of both languages take the facts from source and translation and
compare them. They are deliberately few for each kind and err on the side of silence only where a good
translator would write the same.
"""

from pipeline.checks.check import check
from pipeline.checks.facts import Fact, Kind
from pipeline.checks.flags import CheckFlag, Code, Severity

__all__ = ["CheckFlag", "Code", "Fact", "Kind", "Severity", "check"]
