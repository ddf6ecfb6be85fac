"""DeepL's errors: a message that names the parameter, with DeepL's status codes."""

from models.errors import DragomanError
from service.errors import Forbidden, MalformedRequest, NotFound, QuotaExceeded, TryLater

STATUSES = {401: 403, 409: 400, 415: 400, 422: 400, 504: 503}
"""DeepL's status codes where they differ from Dragoman's."""
QUOTA_EXCEEDED = 456
"""The characters of the month are used up; too many requests in a minute are a 429."""


class MissingParameter(MalformedRequest):
    """A parameter is missing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Parameter '{name}' not specified.")


class UnsupportedValue(MalformedRequest):
    """The value of a parameter is not supported."""

    def __init__(self, name: str, why: str = "") -> None:
        super().__init__(f"Value for '{name}' not supported.{f' {why}' if why else ''}")


class NotInPlan(Forbidden):
    """What was asked for is not served."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Your plan does not include {what}: Dragoman has no counterpart.")


class DocumentNotFound(NotFound):
    """Not found: there is no document with this id and key, or it has expired."""


class DocumentNotReady(TryLater):
    """The document is not translated yet: ask for its status."""


class GlossaryMissing(NotFound):
    """Not found: there is no glossary with this id, or it has no dictionary for the languages."""


def special_status(error: DragomanError) -> int | None:
    """The status of an error that DeepL reports otherwise than others of its kind."""
    is_monthly = isinstance(error, QuotaExceeded) and error.window.endswith("-per-month")
    return QUOTA_EXCEEDED if is_monthly else None
