"""The application that is mounted at `/deepl`."""

from fastapi import FastAPI, Request

from service.doors.access import Access
from service.doors.deepl import account, documents, glossary_routes, texts
from service.doors.deepl.errors import STATUSES, NotInPlan, special_status
from service.doors.deepl.parameters import InClient
from service.doors.errors import answer_errors
from service.front.context import Context

NOT_SERVED = (
    "/v2/write",
    "/v3/write",
    "/v3/style_rules",
    "/v3/voice",
    "/v2/admin",
    "/v3/admin",
)
"""Parts of DeepL's API that have no counterpart in Dragoman."""


def create_app(context: Context, access: Access) -> FastAPI:
    """DeepL's API on the given parts of the front."""
    app = FastAPI(
        title="DeepL API of Dragoman", version="2", openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.context = context
    app.state.access = access
    answer_errors(app, "message", STATUSES, special_status)
    for part in (texts, documents, glossary_routes, account):
        app.include_router(part.router)

    def refuse(request: Request, client: InClient) -> None:
        """Answer as DeepL does for what a plan does not include."""
        del client
        raise NotInPlan(request.url.path.removeprefix(request.scope["root_path"]))

    for path in NOT_SERVED:
        for route in (path, path + "/{rest:path}"):
            app.add_api_route(route, refuse, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    return app
