"""What a page that uses the API asks first: the languages, the settings, and whether the front answers."""

from typing import Any

from fastapi import APIRouter, Request

from models.routes import routes
from service.doors.access import Access
from service.doors.libretranslate.languages import name_of
from service.doors.uploads import EXTENSIONS
from service.front.context import InContext

router = APIRouter()


@router.get("/languages")
def list_languages(context: InContext) -> list[dict[str, Any]]:
    """The languages that are served, each with its targets."""
    targets: dict[str, list[str]] = {}
    for source, target in sorted(routes(context.catalogue)):
        targets.setdefault(source, []).append(target)
    return [
        {"code": source, "name": name_of(source), "targets": of_source}
        for source, of_source in targets.items()
    ]


@router.get("/frontend/settings")
def read_settings(request: Request, context: InContext) -> dict[str, Any]:
    """What a page that uses this API needs to know about it."""
    access: Access = request.app.state.access
    first = next(iter(sorted(routes(context.catalogue))), ("en", "es"))
    source, target = ({"code": code, "name": name_of(code)} for code in first)
    return {
        "charLimit": context.settings.max_body_bytes,
        "frontendTimeout": 500,
        "apiKeys": access.keys is not None,
        "keyRequired": access.keys is not None,
        "suggestions": True,
        "filesTranslation": True,
        "supportedFilesFormat": list(EXTENSIONS),
        "language": {"source": source, "target": target},
    }


@router.get("/health")
def health() -> dict[str, str]:
    """Whether the front answers."""
    return {"status": "ok"}
