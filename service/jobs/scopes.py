"""The permissions of API keys. The command line imports this module for its options."""

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    """A permission of a key."""

    TRANSLATE = "translate"
    SUMMARIZE = "summarize"
    BATCH = "batch"
    ADMIN = "admin"
    READ = "read"
    """Read stories."""
    EDIT = "edit"
    """Send stories and change their versions."""
    APPROVE = "approve"
    """Approve versions and delete stories."""


INCLUDED: Mapping[Scope, frozenset[Scope]] = {
    Scope.TRANSLATE: frozenset({Scope.READ, Scope.EDIT, Scope.APPROVE}),
    Scope.EDIT: frozenset({Scope.READ}),
    Scope.APPROVE: frozenset({Scope.READ}),
}
"""The scopes that a scope includes: whoever may translate may do all with stories."""
