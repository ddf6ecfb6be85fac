"""The lines of a batch: what comes in, what a worker gets and gives back, what goes out."""

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
    """What a worker is given: some items of one batch."""

    items: list[Annotated[KnownItem | SummaryItem, Field(discriminator="task")]]


class Outcome(BaseModel):
    """What became of an item: a result, or a problem."""

    result: TranslationResult | SummaryResult | None = None
    error: dict[str, Any] | None = None


class ChunkResult(BaseModel):
    """What a worker gives back: the outcomes, in the order of the items."""

    outcomes: list[Outcome]


_CUSTOM_ID = TypeAdapter(
    Annotated[str, Field(min_length=1, max_length=200), AfterValidator(is_unicode)]
)
_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="task")])


def read_fields(line: bytes) -> dict[str, Any]:
    """The fields of a line, a JSON object; MalformedRequest where it is none."""
    try:
        fields = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise MalformedRequest("The line is not valid JSON in UTF-8.") from None
    if not isinstance(fields, dict):
        raise MalformedRequest("The line is not a JSON object.")
    return fields


def read_custom_id(fields: dict[str, Any]) -> str:
    """The custom_id of a line; InvalidRequest where it has none that can be taken."""
    try:
        return _CUSTOM_ID.validate_python(fields.get("custom_id"))
    except ValidationError as error:
        raise invalid_request(error.errors(), "custom_id") from None


def read_item(fields: dict[str, Any]) -> Item:
    """The request of a line; InvalidRequest names what is wrong."""
    request = {name: value for name, value in fields.items() if name != "custom_id"}
    try:
        return _ITEM.validate_python(request)
    except ValidationError as error:
        # Without the tag that pydantic puts before the fields of the kind that it chose by `task`;
        # it puts none where it could not choose.
        places = [
            {**one, "loc": one["loc"][1:] if one["loc"] else ("task",)} for one in error.errors()
        ]
        raise invalid_request(places) from None


def result_line(custom_id: str, status: str, body: bytes) -> bytes:
    """A line of the results; `body` is the JSON of the result or of the problem."""
    name = b"result" if status == "succeeded" else b"error"
    head = json.dumps({"custom_id": custom_id, "status": status}, ensure_ascii=False)
    return b'%s, "%s": %s}\n' % (head[:-1].encode(), name, body)
