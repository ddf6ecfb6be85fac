"""Runs the items of a chunk through the engine together."""

import logging
from typing import Any

from models.errors import DragomanError
from pipeline.decode import Progress
from pipeline.pipeline import Pipeline, Result
from service.batches.items import Chunk, ChunkResult, Item, ItemOutcome
from service.errors import InternalError, problem

BUGS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""The exceptions of bugs, also in models: they fail the work and not the worker. Those of Redis and of the
operating system are not among them."""

log = logging.getLogger(__name__)


def run_items(chunk: Chunk, pipeline: Pipeline, progress: Progress) -> ChunkResult:
    """Run the items of a chunk; an item that fails does not affect the others."""
    try:
        results = pipeline.run_many(chunk.items, progress)
    except BUGS:
        log.exception("A chunk of %d items failed: each item is tried alone", len(chunk.items))
        results = [_alone(item, pipeline, progress) for item in chunk.items]
    return ChunkResult(outcomes=[_outcome(result) for result in results])


def outcomes(chunk: str, pipeline: Pipeline) -> list[dict[str, Any]]:
    """Run a chunk that is given as JSON; return its outcomes as JSON objects."""
    result = run_items(Chunk.model_validate_json(chunk), pipeline, lambda *_: None)
    return [outcome.model_dump(mode="json", exclude_none=True) for outcome in result.outcomes]


def _alone(item: Item, pipeline: Pipeline, progress: Progress) -> Result | DragomanError:
    try:
        (result,) = pipeline.run_many([item], progress)
    except BUGS:
        log.exception("An item failed")
        return InternalError()
    return result


def _outcome(result: Result | DragomanError) -> ItemOutcome:
    if isinstance(result, DragomanError):
        return ItemOutcome(error=problem(result))
    return ItemOutcome(result=result)
