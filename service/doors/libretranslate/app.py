"""The application that is mounted at `/libretranslate`."""

from fastapi import FastAPI

from service.doors.access import Access
from service.doors.errors import answer_errors
from service.doors.libretranslate import about, files, texts
from service.front.context import Context

_STATUSES = {401: 403, 422: 400, 409: 400}
"""LibreTranslate's status codes where they differ from Dragoman's."""


def create_app(context: Context, access: Access) -> FastAPI:
    """LibreTranslate's API on the given parts of the front."""
    app = FastAPI(
        title="LibreTranslate API of Dragoman",
        version="1",
        openapi_url="/spec",
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = context
    app.state.access = access
    answer_errors(app, "error", _STATUSES, lambda _: None)
    for part in (texts, files, about):
        app.include_router(part.router)
    return app
