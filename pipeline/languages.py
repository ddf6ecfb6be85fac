"""Settle the languages of a request before it is queued; what cannot be served is refused at once."""

from collections.abc import Callable
from typing import TypeVar

from models.catalogue import Catalogue
from models.language_codes import primary_subtag, region_subtag
from models.routes import Route, route
from pipeline.article_language import detect_article
from pipeline.documents.formats import texts_of
from pipeline.errors import UndeterminedLanguage, UnsupportedLanguage
from pipeline.requests import Source, SummaryRequest, TranslationRequest

RouteOf = Callable[[str, str, str | None], Route]
"""The `route` of a catalogue: from source to target, with the model of this id if one is named."""
Translation = TypeVar("Translation", bound=TranslationRequest)
Summary = TypeVar("Summary", bound=SummaryRequest)


def settle_translation(request: Translation, catalogue: Catalogue) -> Translation:
    """Determine the source language of the request, and check that its pair is served.

    Raises InvalidDocument, UndeterminedLanguage, UnsupportedPair or UnknownModel.
    """
    source = _source(request)
    target = primary_subtag(request.target)
    route(catalogue, source, target, request.model)
    region = region_subtag(request.target) or request.region
    return request.model_copy(update={"source": source, "target": target, "region": region})


def settle_summary(request: Summary, catalogue: Catalogue) -> Summary:
    """Do the same for a summary; the target defaults to the source. Raises UnsupportedLanguage too.

    A summary that is not translated is in no region: its sentences are those of the source.
    """
    source = _source(request)
    target = primary_subtag(request.target) if request.target else source
    model = catalogue.summarizer(request.model)
    if model.source and source not in model.source:
        raise UnsupportedLanguage(
            f"{model.id} summarizes {', '.join(model.source)}, and the article is in {source}: "
            "choose another `model`, or leave it out.",
            languages=list(model.source),
        )
    is_translated = bool(route(catalogue, source, target).legs)
    region = (region_subtag(request.target or "") or request.region) if is_translated else None
    return request.model_copy(update={"source": source, "target": target, "region": region})


def tag_of(target: str, region: str | None) -> str:
    """The tag of a language with its region, if it has one: `es-MX`."""
    return target if region is None else f"{target}-{region}"


def source_of(request: Source) -> str:
    """The source language of a settled request."""
    if request.source is None:
        raise ValueError("The source language must be settled before the pipeline runs.")
    return request.source


def _source(request: Source) -> str:
    texts = texts_of(request)
    if request.source is not None:
        return primary_subtag(request.source)
    found = detect_article("\n\n".join(texts))
    if found.language is None:
        raise UndeterminedLanguage(
            f"The language of the text could not be determined ({found.reason}): give `source`.",
            candidates=[
                {"language": language, "confidence": round(confidence, 3)}
                for language, confidence in found.candidates
            ],
        )
    return found.language
