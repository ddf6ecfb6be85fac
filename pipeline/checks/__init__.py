"""Checks for facts that a translation must keep (numbers, dates, names, quotations) and for other defects.

Rules that know the notation of both languages read the facts of source and translation, and the two sets
are compared. Every difference is flagged unless a good translator might have written it.
"""

from pipeline.checks.check import check
from pipeline.checks.facts import Fact, Kind
from pipeline.checks.flags import CheckFlag, Code, Severity

__all__ = ["CheckFlag", "Code", "Fact", "Kind", "Severity", "check"]
