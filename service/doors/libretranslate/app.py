"""The application that is mounted at `/libretranslate`."""

from typing import Annotated, Any

from babel import Locale
from fastapi import Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from models.detection import detect
from models.language_codes import primary_subtag
from models.routes import routes
from pipeline.article_language import likeliest_language
from service.doors.access import Access
from service.doors.errors import answer_errors
from service.doors.libretranslate.parameters import required, texts_of
from service.doors.parameters import Parameters, read_parameters
from service.doors.translations import translate_all
from service.errors import Forbidden, MalformedRequest
from service.front.context import Context
from service.jobs.keys import Client, Scope
from service.jobs.requests import QueuedTranslation

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
    answer_errors(app, "error", _STATUSES, lambda _: None)

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
            sources = {pair[0] for pair in pairs}
            detection = await run_in_threadpool(likeliest_language, "\n\n".join(texts), sources)
        results = await translate_all(
            context,
            client,
            [
                QueuedTranslation(
                    text=text,
                    source=detection[0] if detection else source,
                    target=target,
                    furniture="translate",
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


def _candidate(language: str, share: float) -> dict[str, Any]:
    """A language with its confidence, from 0 to 100."""
    return {"language": language, "confidence": round(100 * share, 1)}


def _as_sent(values: list[Any], is_array: bool) -> Any:
    """The values as an array where `q` was one, else the only one."""
    return values if is_array else values[0]


def _name(code: str) -> str:
    """The English name of a language."""
    return str(Locale("en").languages.get(code, code))
