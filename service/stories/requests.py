"""What callers send about stories."""

import re
from typing import Annotated, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    NonNegativeInt,
    StrictBool,
    field_validator,
    model_validator,
)

from pipeline.glossary.terms import GlossaryName
from pipeline.requests import (
    Article,
    Language,
    Length,
    Source,
    Strict,
    SummaryStyle,
    Text,
    TranslationRequest,
)
from service.storage.database import storable

Author = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=200,
        description="Who does this, for the review log; the name of your key's client if not given.",
    ),
]


class Kept(Strict):
    """What is written to the database."""

    @field_validator("*")
    @classmethod
    def _is_storable(cls, value: object) -> object:
        for text in value.fields().values() if isinstance(value, Article) else [value]:
            storable(text)
        return value


class StoryRequest(Kept, Source):
    """A story, or a new revision of it: its text, and the languages it is wanted in."""

    targets: list[Language] = Field(min_length=1, max_length=20)
    title: str | None = Field(
        None, max_length=500, description="For lists and searches; else the first sentence."
    )
    model: str | None = Field(None, description="A model's id; each pair's first if not given.")
    furniture: Literal["omit", "keep"] = Field(
        "omit", description="The page's own lines, as for a translation."
    )
    memory: StrictBool = Field(
        True, description="Use the translation memory, as for a translation."
    )
    glossaries: list[GlossaryName] = Field(
        default_factory=list, max_length=20, description="Names of your glossaries."
    )
    author: Author = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "article": {
                        "title": "Mayor frees 107",
                        "body": "The mayor said 107 people were released. The vote is in July.",
                    },
                    "source": "en",
                    "targets": ["es"],
                    "author": "desk",
                }
            ]
        }
    )

    def translation(self, target: str) -> TranslationRequest:
        """The request for one of the languages."""
        fields = self.model_dump(exclude={"targets", "title", "author"})
        return TranslationRequest(**fields, target=target)


class SegmentEdit(Kept):
    """What an editor makes of a segment: another text, another state, or both."""

    target: Text | None = Field(None, max_length=20_000)
    state: Literal["draft", "approved"] | None = Field(
        None,
        description="`approved`: read and found right. `draft`: to be read again. A new text without "
        "a state is `edited`.",
    )
    author: Author = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"target": "El alcalde liberó a 107.", "author": "ana"}]}
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.target is None and self.state is None:
            raise ValueError("Give a `target`, a `state` or both.")
        return self


class SegmentSplit(Kept):
    """Where a segment is cut in two."""

    source_at: int = Field(gt=0, description="In characters from the beginning of its source.")
    target_at: int = Field(gt=0, description="The same in its target.")
    author: Author = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"source_at": 17, "target_at": 19}]})


class ChangedBy(Kept):
    """Who makes a change that needs nothing else."""

    author: Author = None


class Approval(ChangedBy):
    """Which segments are approved."""

    only_clean: StrictBool = Field(
        False, description="Only those that are checked and have no flag left."
    )


class FlagChange(ChangedBy):
    """A flag that an editor dismisses, or no longer dismisses."""

    code: str = Field(description="The flag's `code`.")
    message: str = Field(description="The flag's `message`: two flags may have the same code.")
    dismissed: StrictBool

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"code": "unknown-word", "message": "“Ruizismo” is unknown.", "dismissed": True}
            ]
        }
    )


class AlternativesWish(Strict):
    """Of what other translations are wanted, and by which model."""

    part: tuple[NonNegativeInt, NonNegativeInt] | None = Field(
        None,
        description="The part of the target that is to be another, `[start, end)` in characters; the "
        "whole sentence if not given.",
        examples=[(3, 10)],
    )
    model: str | None = Field(
        None, description="A model's id; the first of the language pair if not given."
    )


class ComparisonWish(Strict):
    """By which model a story is translated once more."""

    model: str = Field(description="A model's id.", examples=["embedded/en-es"])


class SummaryWish(Strict):
    """Which summary of a story is wanted."""

    of: Literal["version", "source"] = Field(
        "version",
        description="`version`: of the translation as it is now, in its language. `source`: of what was "
        "sent, in that language.",
    )
    style: SummaryStyle = "brief"
    length: Length = Field(
        default_factory=lambda: Length(sentences=3), description="As for a summary of a text."
    )
    headlines: int = Field(
        1, ge=1, le=5, description="With `headline`: how many to choose from, the best first."
    )
    model: str | None = Field(None, description="A summary model's id.")


class Replacement(ChangedBy):
    """What is found in the targets of all segments, and what is put in its place."""

    find: str = Field(min_length=1, max_length=200)
    replace: str = Field(max_length=200)
    match_case: StrictBool = Field(False, description="Whether capitals must be the same.")
    whole_words: StrictBool = Field(True, description="Not inside of longer words.")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"find": "alcalde", "replace": "regidor"}]}
    )

    def in_text(self, text: str) -> str:
        """Return the text with every place replaced."""
        edge = (r"(?<!\w)", r"(?!\w)") if self.whole_words else ("", "")
        flags = re.NOFLAG if self.match_case else re.IGNORECASE
        return re.sub(
            edge[0] + re.escape(self.find) + edge[1], lambda _: self.replace, text, flags=flags
        )
