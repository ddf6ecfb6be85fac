"""Results: what the pipeline gives back, and what goes over HTTP and to the command line."""

from typing import Literal

from pydantic import BaseModel, Field

from models.routes import Route
from pipeline.documents.document import BlockKind, Document
from pipeline.memory import MemoryMatch, Origin
from pipeline.requests import Article, FileFormat


class Candidate(BaseModel):
    """A language that the text may be in."""

    language: str
    confidence: float = Field(description="From 0 to 1.")


class DetectionResult(BaseModel):
    """The language of a text; `language` is null, with a reason, where it cannot be told."""

    language: str | None
    confidence: float
    reason: str | None = None
    candidates: list[Candidate]


class FieldSpan(BaseModel):
    """The span `[start, end)` of a field, in characters (Unicode code points)."""

    field: str
    start: int
    end: int


class FurnitureLine(FieldSpan):
    """A line of the page that is not the story."""

    text: str


class RouteLeg(BaseModel):
    """One model of a route, and the languages that it is asked for."""

    model: str
    source: str
    target: str


class Flag(BaseModel):
    """Something in a sentence that an editor should check, with its place in both texts."""

    code: str = Field(description="Stable: `number-changed`, `name-missing`, …")
    severity: Literal["error", "warning"]
    message: str = Field(description="What is wrong, in a sentence for an editor.")
    source_span: FieldSpan | None = Field(None, description="Null where it is about the whole.")
    target_span: FieldSpan | None = None


class Repair(BaseModel):
    """A change that made a sentence pass checks which it had failed."""

    step: str = Field(
        description="`nbest`, `placeholder`, `beam`, `constrained`, `dictionary`, `substitution`, `quotes`, "
        "`spelling`."
    )
    fixed: list[str] = Field(description="The codes of the flags that it took away.")
    before: str = Field(description="The sentence before it.")


class Quality(BaseModel):
    """What the checks found in the whole text."""

    sentences: int
    clean: int = Field(description="Sentences without a flag.")
    wrong: int = Field(description="Sentences with an error; the others' flags are hints.")
    share: float = Field(description="Clean ones of all, from 0 to 1; 1 where there are none.")
    flags: dict[str, int] = Field(description="How many flags of each code.")
    repairs: dict[str, int] = Field(description="How many sentences each step has repaired.")


class TranslatedSegment(BaseModel):
    """One sentence in both languages, with its place in both texts."""

    source: str
    target: str
    source_span: FieldSpan
    target_span: FieldSpan
    models: list[str] = Field(description="The models it went through; empty where none had to.")
    score: float | None = Field(None, description="Mean log-probability a token; 0 is certain.")
    flags: list[Flag] = Field(description="What to check in it.")
    repairs: list[Repair] = Field(description="What was wrong at first and is not any more.")
    origin: Origin = Field(
        "machine", description="Who wrote the target: a model, the memory, or an editor."
    )
    memory: MemoryMatch | None = Field(
        None, description="What the translation memory has for the sentence."
    )


class CheckedSentence(BaseModel):
    """What the checks say of a sentence; its spans are in `source` and `target`, from their beginnings."""

    flags: list[Flag]


class TranslationResult(BaseModel):
    """The translation, in the shape of the request: `text` or `article`."""

    source: str
    target: str
    route: list[RouteLeg] = Field(
        description="The models every text went through: one, two with a pivot between, or none."
    )
    text: str | None = None
    article: Article | None = None
    document: str | None = Field(
        None,
        description="The translated file, in the format it came in; `text` has its text alone.",
    )
    format: FileFormat | None = Field(None, description="The format of `document`.")
    segments: list[TranslatedSegment]
    quality: Quality
    furniture: list[FurnitureLine]


class SummarySentence(BaseModel):
    """A sentence of a summary, and the sentences of the article it comes from."""

    text: str
    source_text: str
    sources: list[FieldSpan]
    flags: list[Flag] = Field(description="What to check in it; its `target_span` is in `text`.")
    repairs: list[Repair]


class SummaryResult(BaseModel):
    """The summary: as one text, and sentence by sentence with its sources."""

    source: str
    target: str
    route: list[RouteLeg] = Field(
        description="The models that translated it; none in its language."
    )
    style: str
    text: str
    sentences: list[SummarySentence]
    quality: Quality
    furniture: list[FurnitureLine]


def legs_of(route: Route) -> list[RouteLeg]:
    """The legs of a route, as a result shows them."""
    return [RouteLeg(model=leg.model, source=leg.source, target=leg.target) for leg in route.legs]


def boilerplate_of(document: Document) -> list[FurnitureLine]:
    """The page boilerplate of a document, as a result lists it."""
    return [
        FurnitureLine(
            field=block.field, start=block.start, end=block.end, text=document.text_of(block)
        )
        for block in document.blocks
        if block.kind is BlockKind.FURNITURE
    ]
