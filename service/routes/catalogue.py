"""`/v1/languages`, `/v1/models` and `/v1/detections`."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from models.catalogue import Catalogue, MeasuredQuality, Model
from models.language_codes import primary_subtag
from models.routes import Route, routes
from pipeline.article_language import detect_article
from pipeline.requests import DetectionRequest, Language
from pipeline.results import Candidate, DetectionResult, RouteLeg
from service.front.context import InContext

router = APIRouter(tags=["catalogue"])


class KnownLeg(RouteLeg):
    """One model of a route, with its licence and its quality for these languages."""

    licence: str
    quality: MeasuredQuality | None = Field(
        description="Measured for this leg, not for the whole route."
    )


class Pair(BaseModel):
    """A pair of languages that can be translated, and the models of its route."""

    source: str
    target: str
    models: list[str]
    legs: list[KnownLeg] = Field(description="One leg, or two through a pivot language.")
    commercial: bool = Field(description="Whether every licence allows commercial use.")


class Languages(BaseModel):
    """The supported pairs."""

    pairs: list[Pair]


class ModelInfo(BaseModel):
    """A model of the catalogue."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    task: str
    family: str
    engine: str
    source: list[str]
    target: list[str]
    repo: str | None
    revision: str | None
    licence: str
    commercial: bool
    quality: list[MeasuredQuality]


class KnownModel(ModelInfo):
    """A model of the catalogue, and whether it is available."""

    available: bool
    reason: str | None = Field(description="Why it is not available.")
    fix: str | None = Field(description="The command or the setting that makes it available.")


class Models(BaseModel):
    """The models of the catalogue."""

    models: list[KnownModel]


Only = Annotated[Language | None, Query(description="Return only the pairs of this language.")]


@router.get("/v1/languages", operation_id="listLanguages")
def languages(context: InContext, source: Only = None, target: Only = None) -> Languages:
    """Return the pairs of languages that can be translated now, with their routes."""
    found = [
        _pair(context.catalogue, way)
        for _, way in sorted(routes(context.catalogue).items())
        if source is None or way.source == primary_subtag(source)
        if target is None or way.target == primary_subtag(target)
    ]
    return Languages(pairs=found)


@router.get("/v1/models", operation_id="listModels")
def models(context: InContext) -> Models:
    """Return the models of the catalogue, also those that are not on this machine."""
    return Models(models=[_model(context.catalogue, model) for model in context.catalogue.models])


def _pair(catalogue: Catalogue, way: Route) -> Pair:
    of_legs = [(leg, catalogue.entry(leg.model)) for leg in way.legs]
    return Pair(
        source=way.source,
        target=way.target,
        models=way.models,
        legs=[
            KnownLeg(
                model=leg.model,
                source=leg.source,
                target=leg.target,
                licence=model.licence,
                quality=model.quality_for(leg.source, leg.target),
            )
            for leg, model in of_legs
        ],
        commercial=all(model.commercial for _, model in of_legs),
    )


def _model(catalogue: Catalogue, model: Model) -> KnownModel:
    refusal = catalogue.refusal(model)
    return KnownModel(
        **ModelInfo.model_validate(model).model_dump(),
        available=refusal is None,
        reason=refusal.detail if refusal else None,
        fix=refusal.fix if refusal else None,
    )


@router.post("/v1/detections", operation_id="detectLanguage")
def detections(body: DetectionRequest) -> DetectionResult:
    """Detect the language of a text; if it is too short or mixed, `reason` says so."""
    found = detect_article(body.text)
    return DetectionResult(
        language=found.language,
        confidence=found.confidence,
        reason=found.reason,
        candidates=[
            Candidate(language=language, confidence=confidence)
            for language, confidence in found.candidates
        ],
    )
