"""The tables. Times are seconds since 1970, so that both databases keep them alike."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Object = dict[str, Any]


class Base(DeclarativeBase):
    """The root of the tables."""

    type_annotation_map = {  # noqa: RUF012
        Object: JSON(none_as_null=True),
        list[Object]: JSON(none_as_null=True),
        str: Text,
    }


class Story(Base):
    """An article of a client, under the client's own id; its texts are in its revisions."""

    __tablename__ = "stories"
    __table_args__ = (UniqueConstraint("client", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    revision: Mapped[int]
    """The number of the current revision."""
    edit: Mapped[int]
    """Counts the changes of the story; part of its ETag."""
    created_at: Mapped[float]
    updated_at: Mapped[float] = mapped_column(index=True)


class StoryWords(Base):
    """The words that a story is found by (`service.storage.search`): the index of the texts is of these."""

    __tablename__ = "story_words"

    story_id: Mapped[int] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    """Separated by spaces."""


class Revision(Base):
    """What a client sent at one time."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("story_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"))
    number: Mapped[int]
    source_language: Mapped[str]
    document: Mapped[Object]
    """The request without its targets, as it was sent."""
    author: Mapped[str]
    created_at: Mapped[float]


class Version(Base):
    """A revision in one target language."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("revision_id", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    target: Mapped[str]
    """The language, with its region if one was asked for: `es`, `es-MX`."""
    state: Mapped[str] = mapped_column(index=True)
    job: Mapped[str | None]
    """The job that translates it, or that checks it after an edit; null when there is none."""
    edit: Mapped[int]
    tails: Mapped[Object]
    """By field, what stands after the last segment."""
    record: Mapped[Object]
    """What the result says of the whole: route, page boilerplate, who made it."""
    error: Mapped[Object | None]
    flags_left: Mapped[int] = mapped_column(server_default="0")
    """How many flags nobody has dealt with."""
    created_at: Mapped[float]
    updated_at: Mapped[float]


class Segment(Base):
    """One sentence of a version, as it stands now."""

    __tablename__ = "segments"
    __table_args__ = (Index("segments_in_order", "version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"))
    position: Mapped[int]
    field: Mapped[str]
    before: Mapped[str]
    """What stands in the target's field between the segment before and this one."""
    source: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    """Its place in the source's field, in characters."""
    block: Mapped[int] = mapped_column(server_default="0")
    """Which paragraph of the document it stands in."""
    kind: Mapped[str] = mapped_column(server_default="paragraph")
    """Of which kind the paragraph is (`BlockKind`)."""
    machine: Mapped[str | None]
    """What the model wrote; null where it was not asked."""
    target: Mapped[str | None]
    """The current text; null until there is one."""
    origin: Mapped[str]
    state: Mapped[str]
    change: Mapped[str]
    """What became of the sentence in this revision."""
    previous: Mapped[Object | None]
    """The sentence of the revision before, with its translation, where it was another."""
    flags: Mapped[list[Object] | None]
    """What the checks say, with places counted from the segment's beginning; null until they ran."""
    details: Mapped[Object]
    """Score, models, repairs and what the memory had, as in a translation's result; and the code and
    message of each flag that an editor has `dismissed`."""
    edit: Mapped[int]
    author: Mapped[str | None]
    edited_at: Mapped[float | None]


class Review(Base):
    """An entry of the review log: who changed which segments, from what to what. Never changed."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("versions.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str]
    position: Mapped[int]
    """Of the first segment that it changed."""
    before: Mapped[list[Object]]
    after: Mapped[list[Object]]
    undoes: Mapped[int | None]
    """The entry that this one takes back."""
    author: Mapped[str]
    created_at: Mapped[float]


class MemoryUnit(Base):
    """A sentence with its translation, as a client's editor wrote it, approved it or imported it."""

    __tablename__ = "memory"
    __table_args__ = (
        UniqueConstraint("client", "source_language", "target_language", "digest", "context"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client: Mapped[str]
    source_language: Mapped[str]
    target_language: Mapped[str]
    digest: Mapped[str]
    """Of the normalised source."""
    context: Mapped[str]
    """Digest of the sentences before and after; empty where they are not known."""
    source: Mapped[str]
    target: Mapped[str]
    origin: Mapped[str]
    author: Mapped[str]
    story: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[float]


class MemoryKey(Base):
    """Where a unit can be found by sentences that are like its own (`pipeline.memory`)."""

    __tablename__ = "memory_keys"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(
        ForeignKey("memory.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Glossary(Base):
    """A client's terms from one language into another."""

    __tablename__ = "glossaries"
    __table_args__ = (UniqueConstraint("client", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client: Mapped[str]
    name: Mapped[str]
    source_language: Mapped[str]
    target_language: Mapped[str]
    version: Mapped[str]
    """A digest of languages and terms: what a result was made with can be told later."""
    count: Mapped[int]
    terms: Mapped[list[Object]]
    """In order; what has its default value is left out."""
    updated_at: Mapped[float]
