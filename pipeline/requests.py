"""Requests for a translation or a summary, with their limits."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    field_validator,
    model_validator,
)

from pipeline.glossary.terms import GlossaryName, GlossaryVersion, Term
from pipeline.memory import KnownSentence


def is_unicode(text: str) -> str:
    """The text as it is; ValueError where half a surrogate pair is in it.

    JSON can spell one; no store and no model takes it.
    """
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("The text has half a surrogate pair, which is not Unicode: remove it.")
    return text


MAX_FIELDS = 50
"""The most fields of an object in a request; none has half as many."""


class Strict(BaseModel):
    """A request: a field that is not known is an error, not silence; one that is null is not given."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _given_fields(cls, value: object) -> object:
        # Pydantic would report each unknown field: a hundred thousand take seconds.
        if isinstance(value, dict) and len(value) > MAX_FIELDS:
            raise ValueError(f"The object has {len(value)} fields; the maximum is {MAX_FIELDS}.")
        if isinstance(value, dict):
            # Clients that were generated from the OpenAPI document send every field.
            return {name: one for name, one in value.items() if one is not None}
        return value

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


FileFormat = Literal[
    "html", "xml", "markdown", "srt", "vtt", "docx", "pptx", "odt", "xliff", "po", "ninjs", "newsml"
]
"""The formats of `document`."""
Region = Annotated[
    str | None,
    Field(
        pattern=r"^([A-Z]{2}|[0-9]{3})$",
        description="Of the target language, such as `MX`; that of `target` if it has one, as `es-MX`.",
    ),
]
OnFlag = Literal["flag", "source", "fail"]
"""What becomes of a sentence that the checks find wrong and no repair has mended."""
Effort = Literal["fast", "balanced", "best"]
"""How wide a model searches: `pipeline.decode` has the beams."""
QuoteStyle = Literal["curly", "angled"]
SummaryStyle = Literal["brief", "bullets", "headline"]
HeadlineStyle = Literal["sentence", "source"]


TagNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=200)
]


class TagOptions(Strict):
    """How single tags of an HTML or XML document are read, where it does not say so itself."""

    ignore: TagNames = Field(
        default_factory=list, description="Elements whose content is not translated."
    )
    splitting: TagNames = Field(default_factory=list, description="Elements that separate texts.")
    non_splitting: TagNames = Field(
        default_factory=list, description="Elements that stand inside sentences."
    )
    outline: StrictBool = Field(
        True,
        description="In XML, elements without text beside them separate texts; `false`: only those "
        "of `splitting` do.",
    )


class Page(Strict):
    """About a web page that an article was taken from."""

    url: str = Field(description="Its address, after redirects.")
    canonical: str | None = Field(None, description="The address that the page calls its own.")
    byline: str | None = None
    published: str | None = Field(None, description="The day, as YYYY-MM-DD.")
    site: str | None = None
    language: str | None = Field(None, description="As the page says.")
    left_out: list[str] = Field(
        default_factory=list,
        description="The texts of the page that are not in the article: the first 200, each up to 300 "
        "characters.",
    )


class WebPage(Strict):
    """The article of a web page, and what is known about it."""

    article: Article
    page: Page


class Source(Strict):
    """A text, an article given as fields, or a document; exactly one of the three."""

    sources: ClassVar[tuple[str, ...]] = ("text", "article", "document")
    """The fields of which a request has one."""

    text: Text | None = None
    article: Article | None = None
    document: Text | None = Field(
        None,
        description="A file as text, an office file in base64. Its `format` comes back, with only its "
        "texts translated.",
    )
    format: FileFormat | None = Field(None, description="The format of `document`.")
    page: Page | None = Field(
        None, description="About the page that the article is from, for the result."
    )
    tags: TagOptions | None = Field(
        None, description="How tags are read, for the formats `html` and `xml`."
    )
    keep_lines: StrictBool = Field(
        False,
        description="`true`: no line of a plain text is joined with the next, as in a list of labels. "
        "Otherwise the lines of a wrapped paragraph are.",
    )
    split_sentences: StrictBool = Field(
        True,
        description="`false`: each paragraph or line is translated as one sentence, for texts that "
        "have been split already.",
    )
    source: Language | None = Field(None, description="Its language; detected if not given.")
    on_flag: OnFlag | None = Field(
        None,
        description="What becomes of a sentence with an error that could not be repaired: `flag` "
        "shows it with its flags, `source` shows the source's sentence instead, `fail` fails the "
        "job. `DRAGOMAN_ON_FLAG` if not given.",
    )
    effort: Effort | None = Field(
        None,
        description="How many translations of a sentence are compared: decoding at `best` takes 3.3 "
        "times as long as at `fast`. `DRAGOMAN_EFFORT` if not given, in a batch "
        "`DRAGOMAN_BATCH_EFFORT`.",
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if sum(getattr(self, name) is not None for name in self.sources) != 1:
            *first, last = (f"`{name}`" for name in self.sources)
            raise ValueError(f"Give one of {', '.join(first)} and {last}.")
        if (self.document is None) != (self.format is None):
            raise ValueError("Give `document` together with its `format`.")
        if self.tags is not None and self.format not in ("html", "xml"):
            raise ValueError("`tags` is for the formats `html` and `xml`: leave it out.")
        return self

    def fields(self) -> dict[str, str]:
        """The texts by field as they came, in reading order; a plain text is the field `text`."""
        if self.article is not None:
            return self.article.fields()
        if self.document is not None:
            return {"document": self.document}
        return {"text": self.text or ""}


class TranslationRequest(Source):
    """What to translate, and how."""

    target: Language
    region: Region = None
    model: str | None = Field(None, description="A model's id; the pair's first if not given.")
    furniture: Literal["omit", "keep", "translate"] = Field(
        "omit",
        description="A scraped page's own lines (menus, share bars) in the result: `omit` leaves "
        "them out, `keep` keeps them as they are, untranslated; both list them. `translate` takes "
        "no line for one of them.",
    )
    memory: StrictBool = Field(
        True, description="Use what your editors have corrected and approved before, or imported."
    )
    glossaries: list[GlossaryName] = Field(
        default_factory=list,
        max_length=20,
        description="Names of your glossaries; of terms that are in several, the first counts.",
    )

    label: StrictBool = Field(
        False,
        description="Write the language, its direction and `digitalSourceType` into the document, in the "
        "formats `html`, `ninjs` and `newsml`; the others have no place for them.",
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


class Knowledge(BaseModel):
    """What a client's memory and glossaries have for a request."""

    known: dict[int, KnownSentence] = Field(
        default_factory=dict, description="By the number of the segment, from 0."
    )
    terms: list[Term] = Field(
        default_factory=list, description="Of its glossaries, those that may be in its text."
    )
    glossary_versions: list[GlossaryVersion] = Field(
        default_factory=list, description="The glossaries of its languages."
    )


class KnownTranslation(TranslationRequest, Knowledge):
    """A translation with what is known of it: made by the front, never by a caller."""


class AlternativesRequest(TranslationRequest):
    """A sentence of which other translations are wanted."""

    current: str = Field(description="The translation that it has.")
    part: tuple[int, int] | None = Field(
        None, description="The part of `current` that is to be another: `[start, end)`."
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
    region: Region = None
    style: SummaryStyle = "brief"
    length: Length = Field(
        default_factory=lambda: Length(sentences=3),
        description="For `brief` and `bullets`; a headline has its own.",
    )
    headlines: int = Field(
        1, ge=1, le=5, description="With `headline`: how many to choose from, the best first."
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
