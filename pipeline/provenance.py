"""Who made a result: software and models, for readers and for Article 50 of the EU's AI Act."""

import hashlib
from collections.abc import Collection, Iterable
from functools import cache
from importlib.metadata import version

from pydantic import BaseModel, Field

from models.catalogue import Catalogue
from models.errors import UnknownModel
from pipeline.documents.labels import digital_source_type


class ModelRecord(BaseModel):
    """A model that wrote sentences."""

    id: str
    repo: str | None = None
    revision: str | None = Field(
        None, description="The commit of its files; null for an embedded one."
    )
    licence: str | None = None
    engine: str | None = None


class ResultRecord(BaseModel):
    """Who made a translation or a summary, before anyone reviewed it."""

    digital_source_type: str | None = Field(
        None, description="As IPTC names it; null where no model wrote or translated a sentence."
    )
    dragoman: str = Field(description="The version of the software.")
    models: list[ModelRecord]
    text_sha256: str = Field(description="Of the text, its fields joined by a newline.")


def result_record(
    texts: Iterable[str], origins: Collection[str], models: Iterable[str], catalogue: Catalogue
) -> ResultRecord:
    """The record of a result with these texts, origins of its sentences, and models."""
    return ResultRecord(
        digital_source_type=digital_source_type(origins) if origins else None,
        dragoman=_software(),
        models=[model_record(one, catalogue) for one in models],
        text_sha256=digest(texts),
    )


@cache
def _software() -> str:
    """The version of Dragoman, which is read from a file."""
    return version("dragoman")


def digest(texts: Iterable[str]) -> str:
    """The SHA-256 of the texts, joined by a newline, in UTF-8."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def model_record(model_id: str, catalogue: Catalogue) -> ModelRecord:
    """What the catalogue has of a model; its id alone where it was taken out since."""
    try:
        model = catalogue.entry(model_id)
    except UnknownModel:
        return ModelRecord(id=model_id)
    return ModelRecord(
        id=model.id,
        repo=model.repo,
        revision=model.revision,
        licence=model.licence,
        engine=model.engine,
    )
