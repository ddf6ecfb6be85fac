"""The HTTP branch of the one error tree: each class carries its status, title and code.

The root, and the errors of the models' room, are in `models.errors`. A class's docstring is the
detail that a caller reads where none is given.
"""

from typing import Any, ClassVar

from models.errors import DragomanError


class WrongSetting(DragomanError):
    """A setting in the environment does not fit."""

    title = "Wrong setting"
    code = "setting"


class MalformedRequest(DragomanError):
    """The body is not valid JSON in UTF-8."""

    status = 400
    title = "Malformed request"
    code = "malformed"


class NotFound(DragomanError):
    """There is nothing at this address."""

    status = 404
    title = "Not found"
    code = "not-found"


class JobNotFound(NotFound):
    """There is no such job: it was never made, was deleted, or its retention has passed."""

    code = "job-not-found"


class MethodNotAllowed(DragomanError):
    """The address does not take this method."""

    status = 405
    title = "Method not allowed"
    code = "method-not-allowed"


class PayloadTooLarge(DragomanError):
    """The body is larger than this service takes in one request."""

    status = 413
    title = "Payload too large"
    code = "too-large"


class UnsupportedMediaType(DragomanError):
    """Send the body as application/json."""

    status = 415
    title = "Unsupported media type"
    code = "unsupported-media-type"


class InvalidRequest(DragomanError):
    """The request has wrong or missing fields; `errors` names each."""

    status = 422
    title = "Invalid request"
    code = "invalid"


class UndeterminedLanguage(DragomanError):
    """The language of the text could not be told: give `source`."""

    status = 422
    title = "Undetermined language"
    code = "undetermined-language"


class QueueUnavailable(DragomanError):
    """The queue cannot be reached or cannot take more now; nothing was accepted. Try again."""

    status = 503
    title = "Queue unavailable"
    code = "queue-unavailable"
    retry_after: ClassVar[int] = 5


class TooManyAttempts(DragomanError):
    """The worker died each time it tried this job."""

    title = "Worker died"
    code = "worker-died"


class LeaseLost(DragomanError):
    """The job was cancelled, deleted or given to another worker meanwhile."""

    code = "lease-lost"


def problem(error: DragomanError) -> dict[str, Any]:
    """The error as an RFC 9457 problem: `type title status detail code`, and its extra members."""
    return {
        "type": f"urn:dragoman:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        **error.extra,
    }
