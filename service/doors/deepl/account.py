"""`/v2/usage` and the languages: what a client asks before it translates."""

from typing import Any

from fastapi import APIRouter

from service.doors.deepl.errors import MissingParameter
from service.doors.deepl.languages import ServedLanguages, code_of, name_of, named_targets
from service.doors.deepl.parameters import InClient, InParameters, one_of
from service.front.context import InContext

router = APIRouter()

NO_LIMIT = 1_000_000_000_000
"""The `character_limit` by which DeepL says that there is none."""
_DETECTION = "auto_detection"
_RESOURCES = {
    "translate_text": ("tag_handling", "glossary", _DETECTION),
    "translate_document": ("glossary", _DETECTION),
    "glossary": (),
}
"""What is served, with its features."""


@router.get("/v2/usage")
@router.post("/v2/usage")
def read_usage(client: InClient, context: InContext) -> dict[str, int]:
    """The characters of the client's month, and their limit."""
    month = next(
        window
        for window in context.quotas.standing(client)
        if window.name == "characters-per-month"
    )
    return {"character_count": month.used, "character_limit": month.limit or NO_LIMIT}


@router.get("/v2/languages")
@router.post("/v2/languages")
def list_languages(
    parameters: InParameters, client: InClient, context: InContext
) -> list[dict[str, Any]]:
    """The source languages, or with `type` `target` the target languages."""
    del client
    served = ServedLanguages(context.catalogue)
    if one_of(parameters, "type", ("source", "target")) == "target":
        return [
            {"language": code, "name": name, "supports_formality": False}
            for target in served.targets
            for code, name in named_targets(target)
        ]
    return [{"language": code_of(source), "name": name_of(source)} for source in served.sources]


@router.get("/v3/languages")
def list_languages_of_resource(
    parameters: InParameters, client: InClient, context: InContext
) -> list[dict[str, Any]]:
    """Every language of a `resource`, with what it can be used as."""
    del client
    name = "product" if "product" in parameters else "resource"
    resource = one_of(parameters, name, _RESOURCES)
    if resource is None:
        raise MissingParameter(name)
    served = ServedLanguages(context.catalogue)
    features = {name: {"status": "stable"} for name in _RESOURCES[resource]}
    return [
        {
            "lang": language.code,
            "name": language.name,
            "status": "stable",
            "usable_as_source": language.is_source,
            "usable_as_target": language.is_target,
            "features": features,
        }
        for language in served.all()
    ]


@router.get("/v3/languages/resources")
def list_resources(client: InClient) -> list[dict[str, Any]]:
    """What languages can be listed for, and the features that they may have there."""
    del client
    return [
        {
            "name": resource,
            "features": [
                {
                    "name": name,
                    "needs_source_support": True,
                    "needs_target_support": name != _DETECTION,
                }
                for name in features
            ],
        }
        for resource, features in _RESOURCES.items()
    ]
