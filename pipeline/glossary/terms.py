"""A term of a glossary: what it is in the source, and what is to stand for it in the translation."""

import re
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.language_codes import primary_subtag

GlossaryName = Annotated[
    str, Field(pattern=r"^[\w.-]{1,64}$", description="Letters, digits, `_`, `.` and `-`.")
]

_LATIN_AMERICA = frozenset(
    {"ar", "bo", "cl", "co", "cr", "cu", "do", "ec", "gt", "hn", "mx", "ni", "pa", "pe", "pr", "py"}
    | {"sv", "us", "uy", "ve"}
)
"""The countries of UN M.49 region 419 where Spanish is spoken, and the United States, which follow them."""


class GlossaryVersion(BaseModel):
    """A glossary as it was when a translation used it."""

    name: str
    version: str = Field(description="Changes with the terms.")


class Term(BaseModel):
    """A term, and how it is to be translated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1, max_length=200)
    target: str | None = Field(
        None, min_length=1, max_length=200, description="Null: it is not translated."
    )
    match_case: bool = Field(
        False, description="Whether it is meant only where its capitals are those of `source`."
    )
    region: str | None = Field(
        None,
        max_length=35,
        pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$",
        description="Only for this target, such as `es-MX` or `es-419`; for every one if not given.",
    )
    note: str | None = Field(None, max_length=1000)

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        for text in (self.source, self.target):
            if text is not None and re.search(r"\w", text) is None:
                raise ValueError(f"The term {text!r} has no letter or figure.")
            if text is not None and "\0" in text:
                raise ValueError("There is a NUL character in the term: remove it.")
        return self

    @property
    def wanted(self) -> str:
        """What stands for it in the translation."""
        return self.source if self.target is None else self.target


def for_region(terms: Iterable[Term], target: str) -> list[Term]:
    """The terms for a target such as `es` or `es-MX`: of variants of one term, the nearest alone.

    A country's own variant comes before that of Latin America, and this one before terms without a region.
    """
    near = _regions(target)
    best: dict[str, int] = {}
    ranked = []
    for term in terms:
        region = "" if term.region is None else _folded(term.region)
        if region not in near:
            continue
        rank = near.index(region)
        ranked.append((rank, term))
        best[term.source] = min(rank, best.get(term.source, rank))
    return [term for rank, term in ranked if rank == best[term.source]]


def _regions(target: str) -> list[str]:
    """The regions whose variants a target takes, the nearest first; the last stands for no region."""
    tag = _folded(target)
    language = primary_subtag(target)
    near = [tag]
    if language == "es" and tag.rpartition("-")[2] in _LATIN_AMERICA:
        near.append("es-419")
    if tag != language:
        near.append(language)
    return [*near, ""]


def _folded(tag: str) -> str:
    return tag.replace("_", "-").lower()
