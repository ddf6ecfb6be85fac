"""Results: what the pipeline gives back, and what goes over HTTP and to the command line."""

from typing import Literal

from pydantic import BaseModel, Field

from models.engines.translator import NO_TOKENS, Usage
from models.routes import Route
from pipeline.documents.document import BlockKind, Document
from pipeline.glossary.terms import GlossaryVersion
from pipeline.memory import MemoryMatch, Origin
from pipeline.normalise import Kind
from pipeline.provenance import ResultRecord
from pipeline.requests import Article, FileFormat, Page


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


class ReadOtherwise(FieldSpan):
    """What in a field is not read as it was sent, one for each kind; the place is the first's."""

    kind: Literal["mojibake", "entities", "invisible", "unicode"] = Field(
        description="`mojibake`: letters read in a wrong encoding; `entities`: `&amp;` and the like; "
        "`invisible`: soft hyphens, zero-width spaces, marks of direction; `unicode`: letters that "
        "are taken apart into accents, and ligatures."
    )
    before: str = Field(description="What was sent.")
    after: str = Field(description="What is read instead; what could be read, if not `applied`.")
    applied: bool = Field(
        description="False where it is doubtful, or lost: it is read as it was sent."
    )
    count: int = Field(description="Places of this kind in the field.")


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
        description="`nbest`, `correction`, `placeholder`, `beam`, `constrained`, `dictionary`, "
        "`substitution`, `quotes`, `spelling`."
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


class TokenUsage(BaseModel):
    """The tokens that language models read and wrote for a result, as they count them."""

    prompt: int
    completion: int


class TermUse(BaseModel):
    """A term of a glossary in a sentence."""

    source: str = Field(description="As it is in the sentence.")
    target: str = Field(description="What the glossary wants in its place.")
    is_kept: bool = Field(
        description="Whether the translation has it, in any form; the flag `term-missing` if not."
    )


class RegionUse(BaseModel):
    """What the region of a target changes in a translation."""

    tag: str
    applied: list[Literal["numbers", "quotation marks", "spelling"]] = Field(
        description="What is written as in the region."
    )
    note: str = Field(description="What it makes no difference to, in a sentence.")


class TranslatedSegment(BaseModel):
    """One sentence in both languages, with its place in both texts."""

    source: str = Field(description="The sentence as it is read: `normalised` has what differs.")
    target: str
    kind: str = Field(
        description="What it is part of: `paragraph`, `title`, `heading`, `list item`, `table row`, "
        "`byline`, `dateline`, `timestamp`, `speaker`, `question`, `answer`, `caption`, `credit`, "
        "`note`, `post` or `deck`."
    )
    source_span: FieldSpan = Field(description="Its place in the text as it was sent.")
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
    terms: list[TermUse] = Field(
        default_factory=list, description="The terms of glossaries that are in the sentence."
    )


class TranslatedPart(BaseModel):
    """Some sentences of a translation that is not whole yet."""

    first: int = Field(description="The number of its first segment.")
    segments: list[TranslatedSegment] = Field(
        description="Their `target_span` counts from the beginning of each target."
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
    region: RegionUse | None = Field(None, description="Null for a language without a region.")
    segments: list[TranslatedSegment]
    glossaries: list[GlossaryVersion] = Field(
        default_factory=list,
        description="The glossaries that were used; others are of other pairs.",
    )
    quality: Quality
    provenance: ResultRecord | None = Field(None, description="Who made it.")
    usage: TokenUsage | None = Field(
        None, description="The tokens of language models; null where none was asked."
    )
    furniture: list[FurnitureLine]
    normalised: list[ReadOtherwise] = Field(
        description="What was not read as it was sent. Places in the result are in what was sent."
    )
    page: Page | None = Field(None, description="About the page that the article is from.")


class RenderedFile(BaseModel):
    """A translated file."""

    document: str = Field(description="As text, an office file in base64.")
    format: FileFormat


class Alternative(BaseModel):
    """Another translation of a sentence."""

    text: str = Field(description="The whole sentence.")
    score: float | None
    span: FieldSpan = Field(description="The place in it of what is new; for a part, that part.")
    flags: list[Flag] = Field(
        description="What to check in it; places are in `source` and `target`, from their beginnings."
    )

    @property
    def has_error(self) -> bool:
        """Whether it says something false or leaves something out."""
        return any(flag.severity == "error" for flag in self.flags)


class AlternativesResult(BaseModel):
    """Other translations of a sentence: the model's best first, those with an error last."""

    source: str
    target: str
    route: list[RouteLeg]
    alternatives: list[Alternative]


class SummarySentence(BaseModel):
    """A sentence of a summary, and the sentences of the article it comes from."""

    text: str
    source_text: str = Field(description="Their text, as it is read.")
    sources: list[FieldSpan]
    flags: list[Flag] = Field(description="What to check in it; its `target_span` is in `text`.")
    repairs: list[Repair]


class SummaryResult(BaseModel):
    """The summary: as one text, and sentence by sentence with its sources."""

    source: str
    target: str
    region: RegionUse | None = Field(None, description="Null for a language without a region.")
    route: list[RouteLeg] = Field(
        description="The models that translated it; none in its language."
    )
    style: str
    text: str
    sentences: list[SummarySentence]
    quality: Quality
    provenance: ResultRecord | None = Field(None, description="Who made it.")
    usage: TokenUsage | None = Field(
        None, description="The tokens of language models; null where none was asked."
    )
    shortage: str | None = Field(
        None, description="How it misses the wished length, and why; null where it does not."
    )
    furniture: list[FurnitureLine]
    normalised: list[ReadOtherwise] = Field(
        description="What was not read as it was sent. Places in the result are in what was sent."
    )
    page: Page | None = Field(None, description="About the page that the article is from.")


def usage_of(*usages: Usage) -> TokenUsage | None:
    """The tokens of all of these together; None where there are none."""
    total = sum(usages, NO_TOKENS)
    if total == NO_TOKENS:
        return None
    return TokenUsage(prompt=total.prompt, completion=total.completion)


def legs_of(route: Route) -> list[RouteLeg]:
    """The legs of a route, as a result shows them."""
    return [RouteLeg(model=leg.model, source=leg.source, target=leg.target) for leg in route.legs]


def place_as_sent(document: Document, span: FieldSpan) -> FieldSpan:
    """The place in what was sent of a span of the document as it is read."""
    start, end = document.as_sent(span.field, span.start, span.end)
    return FieldSpan(field=span.field, start=start, end=end)


def boilerplate_of(document: Document) -> list[FurnitureLine]:
    """The page boilerplate of a document, as a result lists it."""
    lines = []
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE:
            start, end = document.as_sent(block.field, block.start, block.end)
            text = document.read(block.field).sent[start:end]
            lines.append(FurnitureLine(field=block.field, start=start, end=end, text=text))
    return lines


def normalised_in(document: Document) -> list[ReadOtherwise]:
    """What in a document is not read as it was sent; paragraphs whose lines were joined are."""
    found: dict[tuple[str, str, bool], ReadOtherwise] = {}
    for field, read in document.reads.items():
        for change in read.changes:
            if change.kind is Kind.WRAPPED:
                continue
            key = (field, change.kind.value, change.applied)
            if key in found:
                found[key].count += 1
            else:
                found[key] = ReadOtherwise(
                    kind=change.kind.value,
                    field=field,
                    start=change.start,
                    end=change.end,
                    before=change.before,
                    after=change.after,
                    applied=change.applied,
                    count=1,
                )
    return list(found.values())
