"""`/translate`, `/detect` and `/suggest`: texts."""

from typing import Any

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from models.detection import detect
from pipeline.documents.formats import parse
from pipeline.results import TranslationResult
from service.doors.libretranslate.languages import Languages, candidate, read_languages
from service.doors.libretranslate.parameters import InClient, InParameters, required, texts_of
from service.doors.translations import translate_all
from service.errors import MalformedRequest
from service.front.context import InContext
from service.jobs.requests import QueuedTranslation
from service.storage.memory import Memory, Space, Unit

router = APIRouter()


@router.post("/translate")
async def translate(
    parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """Translate the text or the array of texts in `q` from `source` (or `auto`) to `target`."""
    texts, is_array = texts_of(parameters)
    languages = await run_in_threadpool(read_languages, context.catalogue, parameters, texts)
    format_ = parameters.get("format") or "text"
    if format_ not in ("text", "html"):
        raise MalformedRequest(f"{format_} format is not supported")
    requests = [_request(text, format_ == "html", languages) for text in texts]
    wanted = [request for request in requests if request is not None]
    results = iter(await translate_all(context, client, wanted))
    translated = [
        text if request is None else _written(next(results))
        for text, request in zip(texts, requests, strict=True)
    ]
    answer: dict[str, Any] = {"translatedText": _as_sent(translated, is_array)}
    if languages.confidence is not None:
        detected = candidate(languages.source, languages.confidence)
        answer["detectedLanguage"] = _as_sent([detected] * len(texts), is_array)
    if parameters.get("alternatives"):
        # Of several translations a worker returns the best alone.
        answer["alternatives"] = _as_sent([[] for _ in texts], is_array)
    return answer


@router.post("/detect")
async def detect_language(parameters: InParameters, client: InClient) -> list[dict[str, Any]]:
    """The languages that the text in `q` may be in, the likeliest first."""
    del client
    found = await run_in_threadpool(detect, required(parameters, "q"))
    return [candidate(language, share) for language, share in found.candidates]


@router.post("/suggest")
def suggest(parameters: InParameters, client: InClient, context: InContext) -> dict[str, bool]:
    """Keep a better translation `s` of the text `q` in the translation memory."""
    text, better = required(parameters, "q"), required(parameters, "s")
    languages = read_languages(context.catalogue, parameters, [text])
    unit = Unit(source=text, target=better, origin="edited", author=client.name)
    with context.stories.database.writing() as session:
        space = Space(client.name, languages.source, languages.target)
        Memory(session).remember(space, [unit])
    return {"success": True}


def _request(text: str, is_html: bool, languages: Languages) -> QueuedTranslation | None:
    """The request for a text; None if there is nothing to translate in it."""
    if not text.strip():
        return None
    given: dict[str, Any] = {"document": text, "format": "html"} if is_html else {"text": text}
    request = QueuedTranslation(
        **given, source=languages.source, target=languages.target, furniture="translate"
    )
    return request if parse(request).blocks else None


def _written(result: TranslationResult) -> str:
    """The translation, in the format that it was sent in."""
    return (result.text if result.document is None else result.document) or ""


def _as_sent(values: list[Any], is_array: bool) -> Any:
    """The values as an array where `q` was one, else the only one."""
    return values if is_array else values[0]
