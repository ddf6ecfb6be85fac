"""The languages of a request in LibreTranslate's API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale

from models.catalogue import Catalogue
from models.language_codes import primary_subtag
from models.routes import routes
from pipeline.article_language import likeliest_language
from service.doors.libretranslate.parameters import required
from service.doors.parameters import Parameters
from service.errors import MalformedRequest

AUTO = "auto"
"""The source language of a text whose language is to be detected."""


class UnsupportedCode(MalformedRequest):
    """A language is not served."""

    def __init__(self, code: str) -> None:
        """`code` is the language's; LibreTranslate's clients know this message."""
        super().__init__(f"{code} is not supported")


@dataclass(frozen=True, slots=True)
class Languages:
    """Source and target; a detected source has a confidence, from 0 to 1."""

    source: str
    target: str
    confidence: float | None = None


def read_languages(catalogue: Catalogue, parameters: Parameters, texts: Sequence[str]) -> Languages:
    """The languages of a request for these texts. Raises Missing and UnsupportedCode."""
    source, target = required(parameters, "source"), required(parameters, "target")
    pairs = routes(catalogue)
    sources = {pair[0] for pair in pairs}
    if source != AUTO and primary_subtag(source) not in sources:
        raise UnsupportedCode(source)
    if primary_subtag(target) not in {pair[1] for pair in pairs}:
        raise UnsupportedCode(target)
    if source != AUTO:
        return Languages(primary_subtag(source), primary_subtag(target))
    # One language for the whole array, as LibreTranslate does: single texts may be short.
    detected, confidence = likeliest_language("\n\n".join(texts), sources)
    return Languages(detected, primary_subtag(target), confidence)


def candidate(language: str, share: float) -> dict[str, Any]:
    """A detected language with its confidence, from 0 to 100."""
    return {"language": language, "confidence": round(100 * share, 1)}


def name_of(code: str) -> str:
    """The English name of a language."""
    return str(Locale("en").languages.get(code, code))
