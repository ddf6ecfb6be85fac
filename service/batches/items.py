"""The lines of a batch: requests, the chunks that workers get, and results."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError

from pipeline.requests import KnownTranslation, is_unicode
from pipeline.results import SummaryResult, TranslationResult
from service.errors import MalformedRequest, invalid_request
from service.jobs.job import Queue, Task
from service.jobs.requests import QueuedSummary, QueuedTranslation


class TranslationItem(QueuedTranslation):
    """A translation, as a line of a batch."""

    task: Literal[Task.TRANSLATE]
    priority: Literal[Queue.BATCH] = Queue.BATCH
    callback: None = None


class KnownItem(KnownTranslation, TranslationItem):
    """The same with what is known already, as a worker gets it."""


class SummaryItem(QueuedSummary):
    """A summary, as a line of a batch."""

    task: Literal[Task.SUMMARIZE]
    priority: Literal[Queue.BATCH] = Queue.BATCH
    callback: None = None


Item = TranslationItem | SummaryItem


class Chunk(BaseModel):
    """Some items of one batch, for a worker."""

    items: list[Annotated[KnownItem | SummaryItem, Field(discriminator="task")]]


class ItemOutcome(BaseModel):
    """The outcome of an item: a result or a problem."""

    result: TranslationResult | SummaryResult | None = None
    error: dict[str, Any] | None = None


class ChunkResult(BaseModel):
    """The outcomes of a chunk, in the order of its items."""

    outcomes: list[ItemOutcome]


_CUSTOM_ID = TypeAdapter(
    Annotated[str, Field(min_length=1, max_length=200), AfterValidator(is_unicode)]
)
_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="task")])


def read_fields(line: bytes) -> dict[str, Any]:
    """Parse a line; raise MalformedRequest where it is no JSON object."""
    try:
        fields = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise MalformedRequest("The line is not valid JSON in UTF-8.") from None
    if not isinstance(fields, dict):
        raise MalformedRequest("The line is not a JSON object.")
    return fields


def read_custom_id(fields: dict[str, Any]) -> str:
    """Return the `custom_id` of a line; raise InvalidRequest where it is missing or invalid."""
    try:
        return _CUSTOM_ID.validate_python(fields.get("custom_id"))
    except ValidationError as error:
        raise invalid_request(error.errors(), "custom_id") from None


def read_item(fields: dict[str, Any]) -> Item:
    """Return the request of a line; raise InvalidRequest, which names the invalid fields."""
    request = {name: value for name, value in fields.items() if name != "custom_id"}
    try:
        return _ITEM.validate_python(request)
    except ValidationError as error:
        # Without the tag of the item type, which pydantic puts before the fields if `task` is valid.
        places = [
            {**one, "loc": one["loc"][1:] if one["loc"] else ("task",)} for one in error.errors()
        ]
        raise invalid_request(places) from None


def result_line(custom_id: str, status: str, body: bytes) -> bytes:
    """Return a line of the results; `body` is the JSON of the result or of the problem."""
    name = b"result" if status == "succeeded" else b"error"
    head = json.dumps({"custom_id": custom_id, "status": status}, ensure_ascii=False)
    return b'%s, "%s": %s}\n' % (head[:-1].encode(), name, body)
