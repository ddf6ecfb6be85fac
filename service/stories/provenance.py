"""Who made a version: which models wrote it, what came from the memory, and who reviewed it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version as installed

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from models.catalogue import Catalogue
from pipeline.documents.labels import digital_source_type
from pipeline.memory import Origin
from pipeline.provenance import ModelRecord, digest, model_record
from service.storage.stories import FAILED, TRANSLATING, Stories
from service.storage.tables import Segment, Version
from service.stories.views import SegmentState, VersionState, moment, texts_of


class SentenceRecord(BaseModel):
    """Who wrote a sentence, and who reviewed it."""

    number: int
    origin: Origin
    state: SegmentState
    models: list[str]
    memory: str | None = Field(description="The kind of match, where the memory wrote it.")
    reviewed_by: str | None
    reviewed_at: datetime | None


class VersionRecord(BaseModel):
    """Who made a version."""

    target: str
    state: VersionState
    digital_source_type: str = Field(description="As IPTC names it.")
    dragoman: str = Field(description="The version of the software that wrote this record.")
    models: list[ModelRecord]
    translated_at: datetime
    changed_at: datetime
    machine: int = Field(description="Sentences that a model wrote and nobody edited.")
    memory: int = Field(description="Sentences that came from the translation memory.")
    edited: int = Field(description="Sentences that a person wrote or corrected.")
    approved: int = Field(description="Sentences that a person read and approved.")
    reviewers: list[str]
    sentences: list[SentenceRecord]
    text_sha256: str = Field(
        description="Of the text as it is now, its fields joined by a newline."
    )
    sha256: str = Field(description="Of this record without this field, as canonical JSON.")


class Provenance(BaseModel):
    """Who made the versions of a story's current revision, of those that have been translated."""

    story: str
    revision: int
    source: str
    sent_by: str
    sent_at: datetime
    versions: list[VersionRecord]


def provenance_of(session: Session, client: str, name: str, catalogue: Catalogue) -> Provenance:
    """The record of a story; StoryNotFound."""
    stories = Stories(session)
    story = stories.get(client, name)
    revision = stories.revision(story)
    return Provenance(
        story=story.name,
        revision=revision.number,
        source=revision.source_language,
        sent_by=revision.author,
        sent_at=moment(revision.created_at),
        versions=[
            _version(version, stories.segments(version), catalogue)
            for version in stories.versions(revision.id)
            if version.state not in {TRANSLATING, FAILED}
        ],
    )


def _version(version: Version, segments: Sequence[Segment], catalogue: Catalogue) -> VersionRecord:
    origins = [segment.origin for segment in segments]
    record = VersionRecord(
        target=version.target,
        state=version.state,
        digital_source_type=digital_source_type(origins),
        dragoman=installed("dragoman"),
        models=[model_record(leg["model"], catalogue) for leg in version.record.get("route", [])],
        translated_at=moment(version.created_at),
        changed_at=moment(version.updated_at),
        machine=origins.count("machine"),
        memory=origins.count("memory"),
        edited=origins.count("edited"),
        approved=sum(segment.state == "approved" for segment in segments),
        reviewers=sorted({s.author for s in segments if s.author and s.state != "draft"}),
        sentences=[_sentence(segment) for segment in segments],
        text_sha256=digest(texts_of(version, segments).values()),
        sha256="",
    )
    return record.model_copy(update={"sha256": fingerprint(record)})


def fingerprint(record: VersionRecord) -> str:
    """The SHA-256 of a record: keys in order, no white space, UTF-8."""
    fields = record.model_dump(mode="json", exclude={"sha256"})
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sentence(segment: Segment) -> SentenceRecord:
    is_reviewed = segment.state != "draft" and segment.edited_at is not None
    memory = segment.details.get("memory") if segment.origin == "memory" else None
    return SentenceRecord(
        number=segment.position,
        origin=segment.origin,
        state=segment.state,
        models=segment.details.get("models", []),
        memory=memory["match"] if memory else None,
        reviewed_by=segment.author if is_reviewed else None,
        reviewed_at=moment(segment.edited_at) if is_reviewed and segment.edited_at else None,
    )
