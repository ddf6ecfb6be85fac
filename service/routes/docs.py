"""`/docs`: the API to read and to try out."""

import base64
import hashlib
import re

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """Swagger UI on this front's OpenAPI; of scripts it may run its own two and no others."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json", title=request.app.title, swagger_favicon_url="data:,"
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())
    return page


def _policy(html: str) -> str:
    """What the page loads from elsewhere, its inline script by its hash, and calls to this front."""
    elsewhere = sorted(set(re.findall(r'(?:src|href)="(https://[^/"]+)', html)))
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    ]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join([*hashes, *elsewhere])}",
            f"style-src 'unsafe-inline' {' '.join(elsewhere)}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
