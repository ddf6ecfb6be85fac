"""The application that is mounted at `/libretranslate`."""

import logging
from collections.abc import Iterable
from typing import Annotated, Any

import redis
from babel import Locale
from fastapi import Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from models.detection import detect
from models.errors import DragomanError
from models.language_codes import primary_subtag
from models.routes import routes
from pipeline.errors import UndeterminedLanguage
from service.doors.access import Access
from service.doors.libretranslate.parameters import (
    Parameters,
    read_parameters,
    required,
    texts_of,
)
from service.doors.translations import JobFailed, translate_all
from service.errors import (
    DatabaseUnavailable,
    Forbidden,
    MalformedRequest,
    QueueUnavailable,
    TryLater,
)
from service.front.context import Context
from service.jobs.keys import Client, Scope
from service.jobs.requests import QueuedTranslation

log = logging.getLogger(__name__)

InParameters = Annotated[Parameters, Depends(read_parameters)]
AUTO = "auto"
"""The source language of a text whose language is to be detected."""
_STATUSES = {401: 403, 422: 400, 409: 400}
"""LibreTranslate's status codes where they differ from Dragoman's."""


class UnsupportedCode(MalformedRequest):
    """A language is not served."""

    def __init__(self, code: str) -> None:
        """`code` is the language's; LibreTranslate's clients know this message."""
        super().__init__(f"{code} is not supported")


def create_app(context: Context, access: Access) -> FastAPI:
    """LibreTranslate's API on the given parts of the front."""
    app = FastAPI(
        title="LibreTranslate API of Dragoman",
        version="1",
        openapi_url="/spec",
        docs_url=None,
        redoc_url=None,
    )
    _answer_errors(app)

    async def client_of(request: Request, parameters: InParameters) -> Client:
        key = parameters.get("api_key")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not isinstance(key, str) and scheme.lower() == "bearer":
            key = token
        return await run_in_threadpool(
            access.client, key if isinstance(key, str) else None, Scope.TRANSLATE
        )

    InClient = Annotated[Client, Depends(client_of)]  # noqa: N806 - a type alias

    @app.post("/translate")
    async def translate(parameters: InParameters, client: InClient) -> dict[str, Any]:
        """Translate the text or the array of texts in `q` from `source` (or `auto`) to `target`."""
        texts, is_array = texts_of(parameters)
        source, target = required(parameters, "source"), required(parameters, "target")
        if parameters.get("format", "text") not in ("text", ""):
            raise MalformedRequest(f"{parameters['format']} format is not supported")
        pairs = routes(context.catalogue)
        if source != AUTO and primary_subtag(source) not in {pair[0] for pair in pairs}:
            raise UnsupportedCode(source)
        if primary_subtag(target) not in {pair[1] for pair in pairs}:
            raise UnsupportedCode(target)
        detection = None
        if source == AUTO:
            # One language for the whole array, as LibreTranslate does: single texts may be short.
            detection = await run_in_threadpool(_detect, "\n\n".join(texts), pairs)
        results = await translate_all(
            context,
            client,
            [
                QueuedTranslation(
                    text=text,
                    source=detection[0] if detection else source,
                    target=target,
                    furniture="keep",
                )
                for text in texts
            ],
        )
        answer: dict[str, Any] = {"translatedText": _as_sent([r.text for r in results], is_array)}
        if detection:
            answer["detectedLanguage"] = _as_sent([_candidate(*detection)] * len(texts), is_array)
        return answer

    @app.post("/detect")
    async def detect_language(parameters: InParameters, client: InClient) -> list[dict[str, Any]]:
        """The languages that the text in `q` may be in, the likeliest first."""
        del client
        found = await run_in_threadpool(detect, required(parameters, "q"))
        return [_candidate(language, share) for language, share in found.candidates]

    @app.get("/languages")
    def languages() -> list[dict[str, Any]]:
        """The languages that are served, each with its targets."""
        targets: dict[str, list[str]] = {}
        for source, target in sorted(routes(context.catalogue)):
            targets.setdefault(source, []).append(target)
        return [
            {"code": source, "name": _name(source), "targets": of_source}
            for source, of_source in targets.items()
        ]

    @app.get("/frontend/settings")
    def frontend_settings() -> dict[str, Any]:
        """What a page that uses this API needs to know about it."""
        first = next(iter(sorted(routes(context.catalogue))), ("en", "es"))
        source, target = ({"code": c, "name": _name(c)} for c in first)
        return {
            "charLimit": context.settings.max_body_bytes,
            "frontendTimeout": 500,
            "apiKeys": access.keys is not None,
            "keyRequired": access.keys is not None,
            "suggestions": False,
            "filesTranslation": False,
            "supportedFilesFormat": [],
            "language": {"source": source, "target": target},
        }

    @app.post("/suggest")
    def suggest() -> None:
        """Not served: LibreTranslate answers so where suggestions are disabled."""
        raise Forbidden("Suggestions are disabled on this server.")

    @app.post("/translate_file")
    def translate_file() -> None:
        """Not served: LibreTranslate answers so where the translation of files is disabled."""
        raise Forbidden("Files translation are disabled on this server.")

    @app.get("/health")
    def health() -> dict[str, str]:
        """Whether the front answers."""
        return {"status": "ok"}

    return app


def _detect(text: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, float]:
    """The likeliest language of a text that is served, and its confidence from 0 to 1.

    Raises UndeterminedLanguage where none is.
    """
    served = {source for source, _ in pairs}
    for language, share in detect(text).candidates:
        if language in served:
            return language, share
    raise UndeterminedLanguage


def _candidate(language: str, share: float) -> dict[str, Any]:
    """A language with its confidence, from 0 to 100."""
    return {"language": language, "confidence": round(100 * share, 1)}


def _as_sent(values: list[Any], is_array: bool) -> Any:
    """The values as an array where `q` was one, else the only one."""
    return values if is_array else values[0]


def _name(code: str) -> str:
    """The English name of a language."""
    return str(Locale("en").languages.get(code, code))


def _answer_errors(app: FastAPI) -> None:
    """Answer every error as LibreTranslate does: `{"error": "…"}`."""

    def respond(status: int, message: str, retry_after: int | None = None) -> JSONResponse:
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
        return JSONResponse({"error": message}, _STATUSES.get(status, status), headers)

    @app.exception_handler(DragomanError)
    async def _dragoman(_: Request, error: DragomanError) -> JSONResponse:
        status = error.status_of_job if isinstance(error, JobFailed) else error.status
        return respond(
            status, error.detail, error.retry_after if isinstance(error, TryLater) else None
        )

    @app.exception_handler(redis.RedisError)
    async def _redis(request: Request, _: redis.RedisError) -> JSONResponse:
        return await _dragoman(request, QueueUnavailable())

    @app.exception_handler(OperationalError)
    async def _database(request: Request, error: OperationalError) -> JSONResponse:
        log.error("The database: %s", error.orig)
        return await _dragoman(request, DatabaseUnavailable())

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return respond(400, f"Invalid request: {error.errors()[0]['msg']}")

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return respond(error.status_code, error.detail)
