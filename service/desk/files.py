"""`/desk/`: the files of the page, and the way there from `/`."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

router = APIRouter(include_in_schema=False)

_HEADERS = {
    # Only files of this front: nothing inline, nothing of another host.
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    # The browser keeps the files, and asks each time whether they have changed: an upgrade shows at once.
    "Cache-Control": "no-cache",
}


@router.get("/")
def start() -> RedirectResponse:
    """Send a browser to the desk; relative, since a proxy may serve the front below a path."""
    return RedirectResponse("desk/")


class DeskFiles(StaticFiles):
    """The files of the page. They contain no data, so they need no key."""

    def __init__(self) -> None:
        super().__init__(packages=[("service.desk", "static")], html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or that it has not changed, with the headers that a page needs."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response
