"""The HTTP branch of the one error tree: each class carries its status, title and code.

The root, and the errors of the models' room, are in `models.errors`. A class's docstring is the
detail that a caller reads where none is given.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.errors import DragomanError


class MalformedRequest(DragomanError):
    """The body is not valid JSON in UTF-8."""

    status = 400
    title = "Malformed request"
    code = "malformed"


class Unauthorized(DragomanError):
    """Send your API key as `Authorization: Bearer dragoman_…`; this one, or none, lets nobody in."""

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
    """There is no such job: it was never made, was deleted, or its retention has passed."""

    code = "job-not-found"


class KeyNotFound(NotFound):
    """There is no API key of this id: `dragoman keys list` has those there are."""

    code = "key-not-found"


class NoDocument(NotFound):
    """The job has no translated document: it has not succeeded, or was given none."""

    code = "no-document"


class JobGone(DragomanError):
    """The job was deleted: its text and its result are forgotten."""

    status = 410
    title = "Gone"
    code = "job-gone"


class StoryNotFound(NotFound):
    """There is no such story: it was never sent, was deleted, or its retention has passed."""

    code = "story-not-found"


class VersionNotFound(NotFound):
    """The story has no version in this language: send it again with the language in `targets`."""

    code = "version-not-found"


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


class NothingToUndo(DragomanError):
    """The version has no change that could be taken back."""

    status = 409
    title = "Nothing to undo"
    code = "nothing-to-undo"


class MethodNotAllowed(DragomanError):
    """The address does not take this method."""

    status = 405
    title = "Method not allowed"
    code = "method-not-allowed"


class RequestTimeout(DragomanError):
    """The body of the request did not arrive in time. Send it again."""

    status = 408
    title = "Request timeout"
    code = "request-timeout"


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


class MisdirectedRequest(DragomanError):
    """The front does not answer for this host name. Add it to DRAGOMAN_ALLOWED_HOSTS."""

    status = 421
    title = "Misdirected request"
    code = "misdirected"


class InvalidRequest(DragomanError):
    """The request has wrong or missing fields; `errors` names each."""

    status = 422
    title = "Invalid request"
    code = "invalid"


class BatchNotFound(NotFound):
    """There is no such batch: it was never made, was deleted, or its retention has passed."""

    code = "batch-not-found"


class BatchDamaged(DragomanError):
    """The file of this batch is damaged: its texts and results cannot be read. Send it again."""

    status = 410
    title = "Batch damaged"
    code = "batch-damaged"


class InvalidBatch(DragomanError):
    """No line of the batch can be taken; `errors` has their numbers and what is wrong."""

    status = 422
    title = "Invalid batch"
    code = "invalid-batch"


class RangeNotSatisfiable(DragomanError):
    """There are no results yet from this byte on: ask again later."""

    status = 416
    title = "Range not satisfiable"
    code = "range"


class KeyReused(DragomanError):
    """The `Idempotency-Key` came before with another body: take a new one."""

    status = 409
    title = "Idempotency key reused"
    code = "idempotency-key"


class TryLater(DragomanError):
    """Nothing was accepted now. Try again."""

    status = 503

    def __init__(self, detail: str | None = None, *, retry_after: int = 5, **extra: Any) -> None:
        """`retry_after` is in seconds."""
        super().__init__(detail, **extra)
        self.retry_after = retry_after


class QueueUnavailable(TryLater):
    """The queue cannot be reached or cannot take more now; nothing was accepted. Try again."""

    title = "Queue unavailable"
    code = "queue-unavailable"


class StorageUnavailable(TryLater):
    """The disk of the batches is full or away; nothing was accepted. Try again."""

    title = "Storage unavailable"
    code = "storage-unavailable"


class QueueFull(TryLater):
    """The queue has more work than it takes in; nothing was accepted."""

    title = "Queue full"
    code = "queue-full"


class QuotaExceeded(TryLater):
    """Your key's quota is used up for now."""

    status = 429
    title = "Quota exceeded"
    code = "quota-exceeded"

    def __init__(
        self, detail: str | None = None, *, retry_after: int, fields: Mapping[str, str]
    ) -> None:
        """`fields` are the header fields that say how the quota stands."""
        super().__init__(detail, retry_after=retry_after)
        self.fields = fields


class TooManyBatches(TryLater):
    """You have as many unfinished batches as one client may have."""

    status = 429
    title = "Too many batches"
    code = "too-many-batches"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, retry_after=60)


class TooManyAttempts(DragomanError):
    """The worker died each time it tried this job."""

    title = "Worker died"
    code = "worker-died"


class ResultTooLarge(DragomanError):
    """The result is larger than this service keeps: send the text in parts."""

    status = 413
    title = "Result too large"
    code = "result-too-large"


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


_NAMED, _PATH = 20, 200
"""How many wrong fields are named, and how many characters of each one's path."""


def invalid_request(errors: Sequence[Any], *place: str) -> InvalidRequest:
    """What pydantic found wrong, each with its field's path; `place` comes before the paths.

    Without the inputs: they are the caller's text, and can be a mebibyte. So can a field's name, and
    there can be thousands: the first ones, and the beginning of each, will do.
    """
    fields = [
        {
            "path": ("/" + "/".join(str(part) for part in (*place, *error["loc"])))[:_PATH],
            "detail": error["msg"].removeprefix("Value error, "),
        }
        for error in errors[:_NAMED]
    ]
    return InvalidRequest(
        # What is wrong with the whole has no field to name.
        "; ".join(
            f"{field['path']}: {field['detail']}".removeprefix("/: ") for field in fields[:3]
        ),
        errors=fields,
    )
