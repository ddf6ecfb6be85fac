"""The items of a chunk, all through the engine together."""

import logging
from typing import Any

from models.errors import DragomanError
from pipeline.decode import Progress
from pipeline.pipeline import Pipeline, Result
from service.batches.items import Chunk, ChunkResult, Item, Outcome
from service.errors import problem

BUGS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a bug of ours, or of a model, raises: the work ends, the worker lives on. What Redis or the
operating system raise is not the work's fault."""

log = logging.getLogger(__name__)


def run_items(chunk: Chunk, pipeline: Pipeline, progress: Progress) -> ChunkResult:
    """What becomes of each item; an item that fails does so alone."""
    try:
        results = pipeline.run_many(chunk.items, progress)
    except BUGS:
        log.exception("a chunk of %d items failed: each is tried alone", len(chunk.items))
        results = [_alone(item, pipeline, progress) for item in chunk.items]
    return ChunkResult(outcomes=[_outcome(result) for result in results])


def outcomes(chunk: str, pipeline: Pipeline) -> list[dict[str, Any]]:
    """The same for whoever has the chunk as JSON, and wants its outcomes so."""
    result = run_items(Chunk.model_validate_json(chunk), pipeline, lambda *_: None)
    return [outcome.model_dump(mode="json", exclude_none=True) for outcome in result.outcomes]


def _alone(item: Item, pipeline: Pipeline, progress: Progress) -> Result | DragomanError:
    try:
        (result,) = pipeline.run_many([item], progress)
    except BUGS:
        log.exception("an item failed")
        return DragomanError()
    return result


def _outcome(result: Result | DragomanError) -> Outcome:
    if isinstance(result, DragomanError):
        return Outcome(error=problem(result))
    return Outcome(result=result)
