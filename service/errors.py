"""The errors of the service: each class has an HTTP status, a title and a code.

The root and the errors of models are in `models.errors`. The docstring of a class is the default detail
that a caller reads.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.errors import DragomanError


class InternalError(DragomanError):
    """An internal error occurred. The operator finds it in the log of the service."""


class MalformedRequest(DragomanError):
    """The body is not valid JSON in UTF-8."""

    status = 400
    title = "Malformed request"
    code = "malformed"


class Unauthorized(DragomanError):
    """The API key is missing or invalid. Send it as `Authorization: Bearer dragoman_…`."""

    status = 401
    title = "Unauthorized"
    code = "unauthorized"


class Forbidden(DragomanError):
    """Your API key does not allow this."""

    status = 403
    title = "Forbidden"
    code = "forbidden"


class NotFound(DragomanError):
    """There is nothing at this address."""

    status = 404
    title = "Not found"
    code = "not-found"


class JobNotFound(NotFound):
    """There is no such job: it never existed, was deleted, or has expired."""

    code = "job-not-found"


class KeyNotFound(NotFound):
    """There is no API key with this id: see `dragoman keys list`."""

    code = "key-not-found"


class NoDocument(NotFound):
    """The job has no translated document: it has not succeeded, or was given none."""

    code = "no-document"


class JobGone(DragomanError):
    """The job was deleted with its text and its result."""

    status = 410
    title = "Gone"
    code = "job-gone"


class StoryNotFound(NotFound):
    """There is no such story: it was never sent, was deleted, or its retention has passed."""

    code = "story-not-found"


class GlossaryNotFound(NotFound):
    """You have no glossary of this name: it was never kept, or deleted."""

    code = "glossary-not-found"


class UnknownGlossary(DragomanError):
    """The request names a glossary that you do not have."""

    status = 422
    title = "Unknown glossary"
    code = "unknown-glossary"


class VersionNotFound(NotFound):
    """The story has no version in this language: send it again with the language in `targets`."""

    code = "version-not-found"


class CrossOrigin(Forbidden):
    """A page of another origin may not do this: see `DRAGOMAN_CORS_ORIGINS`."""

    code = "cross-origin"


class SegmentNotFound(NotFound):
    """The version has no segment of this number: read the version again."""

    code = "segment-not-found"


class PreconditionFailed(DragomanError):
    """Somebody else has changed it since you read it: `current` is what it is now."""

    status = 412
    title = "Precondition failed"
    code = "precondition-failed"


class StillTranslating(DragomanError):
    """The version is still being translated: ask again when its state is another."""

    status = 409
    title = "Still translating"
    code = "still-translating"


class VersionFailed(DragomanError):
    """The version could not be translated: send the story again."""

    status = 409
    title = "Version failed"
    code = "version-failed"


class NothingToUndo(DragomanError):
    """The version has no change that could be taken back."""

    status = 409
    title = "Nothing to undo"
    code = "nothing-to-undo"


class MethodNotAllowed(DragomanError):
    """The address does not support this method."""

    status = 405
    title = "Method not allowed"
    code = "method-not-allowed"


class RequestTimeout(DragomanError):
    """The body of the request did not arrive in time. Send it again."""

    status = 408
    title = "Request timeout"
    code = "request-timeout"


class PayloadTooLarge(DragomanError):
    """The body is larger than the maximum of one request."""

    status = 413
    title = "Payload too large"
    code = "too-large"


class UnsupportedMediaType(DragomanError):
    """Send the body as application/json."""

    status = 415
    title = "Unsupported media type"
    code = "unsupported-media-type"


class MisdirectedRequest(DragomanError):
    """The front does not answer for this host name. Add it to DRAGOMAN_ALLOWED_HOSTS."""

    status = 421
    title = "Misdirected request"
    code = "misdirected"


class InvalidRequest(DragomanError):
    """The request has invalid or missing fields; `errors` names them."""

    status = 422
    title = "Invalid request"
    code = "invalid"


class BatchNotFound(NotFound):
    """There is no such batch: it never existed, was deleted, or has expired."""

    code = "batch-not-found"


class PageNotFetched(DragomanError):
    """The web page could not be fetched, or no article was found in it."""

    status = 422
    title = "Page not fetched"
    code = "page-not-fetched"


class BatchDamaged(DragomanError):
    """The file of this batch is damaged: its texts and results cannot be read. Send it again."""

    status = 410
    title = "Batch damaged"
    code = "batch-damaged"


class InvalidBatch(DragomanError):
    """No line of the batch is valid; `errors` has their numbers and errors."""

    status = 422
    title = "Invalid batch"
    code = "invalid-batch"


class RangeNotSatisfiable(DragomanError):
    """There are no results from this byte on yet. Ask again later."""

    status = 416
    title = "Range not satisfiable"
    code = "range"


class KeyReused(DragomanError):
    """The `Idempotency-Key` was used with another body. Use a new key."""

    status = 409
    title = "Idempotency key reused"
    code = "idempotency-key"


class TryLater(DragomanError):
    """Nothing was accepted. Try again later."""

    status = 503
    title = "Try later"
    code = "try-later"

    def __init__(self, detail: str | None = None, *, retry_after: int = 5, **extra: Any) -> None:
        """`retry_after` is in seconds."""
        super().__init__(detail, **extra)
        self.retry_after = retry_after


class QueueUnavailable(TryLater):
    """The queue is unreachable or full; nothing was accepted. Try again later."""

    title = "Queue unavailable"
    code = "queue-unavailable"


class StorageUnavailable(TryLater):
    """The disk of the batches is full or unavailable; nothing was accepted. Try again later."""

    title = "Storage unavailable"
    code = "storage-unavailable"


class DatabaseUnavailable(StorageUnavailable):
    """The database cannot be used now; nothing was changed. Try again later."""


class StillRunning(TryLater):
    """The job takes longer than a request may wait. Try again: an identical request gets its result."""

    status = 504
    title = "Still running"
    code = "still-running"


class QueueFull(TryLater):
    """The queue is full; nothing was accepted. Try again later."""

    title = "Queue full"
    code = "queue-full"


class QuotaExceeded(TryLater):
    """The quota of your API key is used up."""

    status = 429
    title = "Quota exceeded"
    code = "quota-exceeded"

    def __init__(
        self, detail: str | None = None, *, retry_after: int, fields: Mapping[str, str], window: str
    ) -> None:
        """`fields` are the header fields that state the quota, `window` is the name of its period."""
        super().__init__(detail, retry_after=retry_after)
        self.fields = fields
        self.window = window


class TooManyBatches(TryLater):
    """You have as many unfinished batches as one client may have."""

    status = 429
    title = "Too many batches"
    code = "too-many-batches"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, retry_after=60)


class TooManyAttempts(DragomanError):
    """The worker died at every attempt of this job."""

    title = "Worker died"
    code = "worker-died"


class ResultTooLarge(DragomanError):
    """The result is larger than the maximum. Send the text in parts."""

    status = 413
    title = "Result too large"
    code = "result-too-large"


class LeaseLost(DragomanError):
    """The job was cancelled, deleted or given to another worker."""

    code = "lease-lost"


def problem(error: DragomanError) -> dict[str, Any]:
    """Return the error as an RFC 9457 problem: `type title status detail code` and its extra members."""
    return {
        "type": f"urn:dragoman:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        **error.extra,
    }


_NAMED, _PATH = 20, 200
"""The maximum of invalid fields that are named, and of characters of their paths."""


def invalid_request(errors: Sequence[Any], *place: str) -> InvalidRequest:
    """Return pydantic's errors as one error, each with the path of its field after `place`.

    The inputs are left out: they are the caller's text and can be a mebibyte. So can be the name of a
    field, and there can be thousands: only the first errors and the beginning of each path are kept.
    """
    fields = [
        {
            "path": ("/" + "/".join(str(part) for part in (*place, *error["loc"])))[:_PATH],
            "detail": error["msg"].removeprefix("Value error, "),
        }
        for error in errors[:_NAMED]
    ]
    return InvalidRequest(
        # An error of the whole object has no field to name.
        "; ".join(
            f"{field['path']}: {field['detail']}".removeprefix("/: ") for field in fields[:3]
        ),
        errors=fields,
    )
