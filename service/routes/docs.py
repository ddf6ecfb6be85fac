"""`/docs`: the API documentation, with everything it needs: it works offline."""

import base64
import hashlib
import re
from enum import StrEnum
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_ASSETS = files("fastapi_offline") / "static"


class Asset(StrEnum):
    """A file of Swagger UI."""

    SCRIPT = "swagger-ui-bundle.js"
    STYLE = "swagger-ui.css"

    @property
    def path(self) -> str:
        """The path at which it is served."""
        return f"/docs/{self.value}"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return "text/javascript" if self is Asset.SCRIPT else "text/css"


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """Return Swagger UI for this front's OpenAPI document; it may run only its own two scripts."""
    page = get_swagger_ui_html(
        # Relative: a proxy may serve the front below a path.
        openapi_url="openapi.json",
        swagger_js_url=f".{Asset.SCRIPT.path}",
        swagger_css_url=f".{Asset.STYLE.path}",
        title=request.app.title,
        swagger_favicon_url="data:,",
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())
    return page


@router.get("/docs/{asset}")
def asset(asset: Asset) -> Response:
    """Return a file that the page loads; it changes only with an upgrade."""
    return Response(
        (_ASSETS / asset.value).read_bytes(),
        media_type=asset.media_type,
        headers={"Cache-Control": "max-age=86400"},
    )


def _policy(html: str) -> str:
    """Return the policy: the hash of the inline script, and what this front serves."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    ]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
