"""Requests and results, with their limits: what goes over HTTP, through the queue and to the CLI."""

import base64
from typing import Annotated, Literal, Self

import httpx
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from service.jobs import Queue


def is_unicode(text: str) -> str:
    """The text as it is; ValueError where half a surrogate pair is in it.

    JSON can spell one; no store and no model takes it.
    """
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("There is half a surrogate pair in it: that is no Unicode text.")
    return text


class Strict(BaseModel):
    """A request: a field that is not known is an error, not silence."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _texts_are_unicode(cls, value: object) -> object:
        return is_unicode(value) if isinstance(value, str) else value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("The text is empty.")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
Language = Annotated[
    str,
    Field(
        min_length=2,
        max_length=35,
        pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$",
        description="A BCP-47 language tag.",
        examples=["es"],
    ),
]


class Article(Strict):
    """An article as fields; each keeps its own place in the result."""

    title: str | None = None
    deck: str | None = Field(None, description="The line under the title.")
    body: str | None = None

    def fields(self) -> dict[str, str]:
        """The fields that are given, in reading order."""
        return {name: text for name, text in self if text is not None}

    @model_validator(mode="after")
    def _has_text(self) -> Self:
        if not any(text.strip() for text in self.fields().values()):
            raise ValueError("The article is empty: give a title, a deck or a body.")
        return self


def _is_url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"This is no URL: {error}.") from None
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise ValueError("Give a URL of http or https, with a host, without a user's name.")
    return str(url)


def _is_secret(text: str) -> str:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not text.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("Give `whsec_` and 24 to 64 random bytes in base64.")
    return text


class Callback(Strict):
    """Who is to be told when the job has ended, as a Standard Webhook."""

    url: Annotated[
        str, AfterValidator(_is_url), Field(max_length=2000, examples=["https://cms.example/done"])
    ]
    secret: Annotated[str, AfterValidator(_is_secret)] | None = Field(
        None, description="The messages are signed with it: `whsec_` and 24 to 64 bytes in base64."
    )


OnFlag = Literal["flag", "source", "fail"]
"""What becomes of a sentence that the checks find wrong and no repair has mended."""
QuoteStyle = Literal["curly", "angled"]
HeadlineStyle = Literal["sentence", "source"]


class Source(Strict):
    """A text, or an article given as fields; exactly one of the two."""

    text: Text | None = None
    article: Article | None = None
    source: Language | None = Field(None, description="Its language; detected if not given.")
    priority: Queue = Field(
        Queue.INTERACTIVE, description="`batch` waits behind every `interactive` job."
    )
    on_flag: OnFlag | None = Field(
        None,
        description="What becomes of a sentence with an error that could not be repaired: `flag` "
        "shows it with its flags, `source` shows the source's sentence instead, `fail` fails the "
        "job. `DRAGOMAN_ON_FLAG` if not given.",
    )
    callback: Callback | None = Field(
        None, description="Who is to be told when the job has ended; a webhook."
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.text is None) == (self.article is None):
            raise ValueError("Give either `text` or `article`.")
        return self

    def fields(self) -> dict[str, str]:
        """The texts by field, in reading order; a plain text is the field `text`."""
        if self.article is not None:
            return self.article.fields()
        return {"text": self.text or ""}


class TranslationRequest(Source):
    """What to translate, and how."""

    target: Language
    model: str | None = Field(None, description="A model's id; the pair's first if not given.")
    furniture: Literal["omit", "keep"] = Field(
        "omit",
        description="A scraped page's own lines (menus, share bars) in the result: `omit` leaves "
        "them out, `keep` keeps them as they are, untranslated. They are listed either way.",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The mayor said 107 people were released.\n\nThe vote is in July.",
                    "source": "en",
                    "target": "es",
                },
                {
                    "article": {
                        "title": "Mayor frees 107",
                        "body": "The mayor said 107 people were released.",
                    },
                    "target": "es",
                },
            ]
        }
    )


class Length(Strict):
    """How long a summary is to be: exactly one of the three."""

    sentences: int | None = Field(None, ge=1, le=100)
    words: int | None = Field(None, ge=1, le=5000)
    ratio: float | None = Field(None, gt=0, le=1, description="Of the story's sentences.")

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if len(self.model_fields_set) != 1 or None in (
            getattr(self, name) for name in self.model_fields_set
        ):
            raise ValueError("Give one of `sentences`, `words` and `ratio`.")
        return self


class SummaryRequest(Source):
    """What to summarize, and how."""

    target: Language | None = Field(None, description="The summary's language; else the source's.")
    style: Literal["brief", "bullets", "headline"] = "brief"
    length: Length = Field(
        default_factory=lambda: Length(sentences=3),
        description="For `brief` and `bullets`; a headline has its own.",
    )
    model: str | None = Field(None, description="A summary model's id.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The mayor said 107 people were released. The vote is in July.",
                    "source": "en",
                    "target": "es",
                    "style": "brief",
                    "length": {"sentences": 1},
                }
            ]
        }
    )


class DetectionRequest(Strict):
    """The text whose language is wanted."""

    text: Text

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "El alcalde dijo que la votación es en julio."}]}
    )


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


class Span(BaseModel):
    """The span `[start, end)` of a field, in characters (Unicode code points)."""

    field: str
    start: int
    end: int


class FurnitureLine(Span):
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
    source_span: Span | None = Field(None, description="Null where it is about the whole.")
    target_span: Span | None = None


class Repair(BaseModel):
    """A change that made a sentence pass checks which it had failed."""

    step: str = Field(
        description="`nbest`, `placeholder`, `beam`, `constrained`, `substitution` or `quotes`."
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
    source_span: Span
    target_span: Span
    models: list[str] = Field(description="The models it went through; empty where none had to.")
    score: float | None = Field(None, description="Mean log-probability a token; 0 is certain.")
    flags: list[Flag] = Field(description="What to check in it.")
    repairs: list[Repair] = Field(description="What was wrong at first and is not any more.")


class TranslationResult(BaseModel):
    """The translation, in the shape of the request: `text` or `article`."""

    source: str
    target: str
    route: list[RouteLeg] = Field(
        description="The models every text went through: one, two with a pivot between, or none."
    )
    text: str | None = None
    article: Article | None = None
    segments: list[TranslatedSegment]
    quality: Quality
    furniture: list[FurnitureLine]


class SummarySentence(BaseModel):
    """A sentence of a summary, and the sentences of the article it comes from."""

    text: str
    source_text: str
    sources: list[Span]
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
