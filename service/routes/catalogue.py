"""`/v1/languages`, `/v1/models`, `/v1/detections`: what there is, and what a text is in."""

from fastapi import APIRouter
from pydantic import BaseModel

from models.detect import detect
from models.languages import pairs, route
from service.context import InContext
from service.schemas import Candidate, DetectionRequest, DetectionResult

router = APIRouter(tags=["catalogue"])


class Pair(BaseModel):
    """A pair of languages that can be translated, and the models it goes through."""

    source: str
    target: str
    models: list[str]


class Languages(BaseModel):
    """The pairs there are."""

    pairs: list[Pair]


class ModelInfo(BaseModel):
    """A model of the catalogue."""

    id: str
    task: str
    family: str
    engine: str
    source: list[str]
    target: list[str]
    licence: str
    commercial: bool


class Models(BaseModel):
    """The models there are."""

    models: list[ModelInfo]


@router.get("/v1/languages")
def languages(context: InContext) -> Languages:
    """The pairs of languages that can be asked for."""
    found = [
        Pair(source=s, target=t, models=route(context.catalogue, s, t).models)
        for s, t in pairs(context.catalogue)
    ]
    return Languages(pairs=found)


@router.get("/v1/models")
def models(context: InContext) -> Models:
    """The models of the catalogue."""
    return Models(
        models=[
            ModelInfo.model_validate(model, from_attributes=True)
            for model in context.catalogue.models
        ]
    )


@router.post("/v1/detections")
def detections(body: DetectionRequest) -> DetectionResult:
    """The language of a text. A text too short or of several languages says so."""
    found = detect(body.text)
    return DetectionResult(
        language=found.language,
        confidence=found.confidence,
        reason=found.reason,
        candidates=[
            Candidate(language=language, confidence=confidence)
            for language, confidence in found.candidates
        ],
    )
