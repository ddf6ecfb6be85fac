"""Checks: facts that a translation must keep (numbers, dates, names, quotations), and other defects.

The facts of source and translation are read by rules that know the notation of both languages, and are
then compared. A difference is not flagged only where a good translator might write the same.
"""

from pipeline.checks.check import check
from pipeline.checks.facts import Fact, Kind
from pipeline.checks.flags import CheckFlag, Code, Severity

__all__ = ["CheckFlag", "Code", "Fact", "Kind", "Severity", "check"]
