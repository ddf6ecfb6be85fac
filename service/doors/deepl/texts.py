"""`/v2/translate`: texts, each detected and translated by itself."""

import re
from dataclasses import dataclass
from typing import Any, Literal, cast

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from models.language_codes import primary_subtag, region_subtag
from pipeline.article_language import likeliest_language
from pipeline.documents.formats import count_characters, parse
from pipeline.documents.tags import is_well_formed
from pipeline.languages import tag_of
from pipeline.requests import Effort, TagOptions
from service.doors.deepl.errors import NotInPlan, UnsupportedValue
from service.doors.deepl.glossaries import GlossaryShelf
from service.doors.deepl.languages import ServedLanguages, code_of
from service.doors.deepl.parameters import (
    InClient,
    InParameters,
    is_on,
    names,
    one_of,
    required,
    text,
    texts,
)
from service.doors.parameters import Parameters
from service.doors.translations import translate_all
from service.errors import MalformedRequest
from service.front.context import Context, InContext
from service.jobs.keys import Client
from service.jobs.requests import QueuedTranslation

router = APIRouter()

_EFFORTS: dict[str, Effort] = {
    "quality_optimized": "best",
    "prefer_quality_optimized": "best",
    "latency_optimized": "fast",
}
"""How wide the models search, by `model_type`."""
_NOT_SERVED = ("custom_instructions", "style_id")
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Options:
    """How the texts of a request are translated."""

    source: str | None
    target: str
    context: str
    format: Literal["html", "xml"] | None
    tags: TagOptions | None
    split: str
    model_type: str | None
    glossaries: list[str]


@router.post("/v2/translate")
async def translate(
    parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """Translate the texts of `text` into `target_lang`."""
    given = texts(parameters)
    served = await run_in_threadpool(ServedLanguages, context.catalogue)
    options = await run_in_threadpool(_read_options, context, client, parameters, served)
    shows_billed = is_on(parameters, "show_billed_characters")
    requests = await run_in_threadpool(lambda: [_request(one, options, served) for one in given])
    wanted = [request for request in requests if request is not None]
    results = iter(await translate_all(context, client, wanted))
    translations = []
    for one, request in zip(given, requests, strict=True):
        translation: dict[str, Any] = {
            "detected_source_language": code_of(
                (request.source if request else options.source) or served.sources[0]
            ),
            "text": one,
        }
        if request is not None:
            result = next(results)
            translation["text"] = result.text if request.document is None else result.document
        if shows_billed:
            translation["billed_characters"] = _billed(one, request)
        if options.model_type:
            translation["model_type_used"] = options.model_type.removeprefix("prefer_")
        translations.append(translation)
    return {"translations": translations}


def check_formality(parameters: Parameters) -> None:
    """Raise an error where a formality is demanded: no model of Dragoman can be told one."""
    formality = one_of(
        parameters, "formality", ("default", "more", "less", "prefer_more", "prefer_less")
    )
    if formality in ("more", "less"):
        raise MalformedRequest("Target language does not support 'formality'.")


def languages_of(parameters: Parameters, served: ServedLanguages) -> tuple[str | None, str]:
    """The source language, if it is given, and the target language, with its region if it has one."""
    wanted = required(parameters, "target_lang")
    language = served.target(wanted)
    if language is None:
        raise UnsupportedValue("target_lang")
    code = text(parameters, "source_lang")
    source = served.source(code) if code else None
    if code and source is None:
        raise UnsupportedValue("source_lang")
    return source, tag_of(language, region_subtag(wanted))


def glossaries_of(
    context: Context, client: Client, parameters: Parameters, source: str | None, target: str
) -> list[str]:
    """The names of the Dragoman glossaries that `glossary_id` stands for: one, or none."""
    glossary_id = text(parameters, "glossary_id")
    if glossary_id is None:
        return []
    shelf = GlossaryShelf(context, client)
    return [shelf.for_translation(glossary_id, source, primary_subtag(target))]


def _read_options(
    context: Context, client: Client, parameters: Parameters, served: ServedLanguages
) -> Options:
    for name in _NOT_SERVED:
        if parameters.get(name):
            raise NotInPlan(f"'{name}'")
    check_formality(parameters)
    source, target = languages_of(parameters, served)
    handling = one_of(parameters, "tag_handling", ("xml", "html"))
    version = one_of(parameters, "tag_handling_version", ("v1", "v2"))
    if handling == "xml" and version == "v2" and not all(map(is_well_formed, texts(parameters))):
        raise MalformedRequest("Tag handling parsing failed, please check input.")
    is_on(parameters, "preserve_formatting")
    tags = None
    if handling is not None:
        tags = TagOptions(
            ignore=names(parameters, "ignore_tags"),
            splitting=names(parameters, "splitting_tags"),
            non_splitting=names(parameters, "non_splitting_tags"),
            outline=is_on(parameters, "outline_detection", default=True),
        )
    return Options(
        source=source,
        target=target,
        context=text(parameters, "context") or "",
        format=cast(Literal["html", "xml"] | None, handling),
        tags=tags,
        split=one_of(parameters, "split_sentences", ("0", "1", "nonewlines")) or "1",
        model_type=one_of(parameters, "model_type", _EFFORTS),
        glossaries=glossaries_of(context, client, parameters, source, target),
    )


def _request(given: str, options: Options, served: ServedLanguages) -> QueuedTranslation | None:
    """The request for a text; None if there is nothing to translate in it."""
    if not given.strip():
        return None
    common: dict[str, Any] = {
        "target": options.target,
        "furniture": "translate",
        "glossaries": options.glossaries,
        "split_sentences": options.split != "0",
        "effort": _EFFORTS[options.model_type] if options.model_type else None,
    }
    if options.format is not None:
        request = QueuedTranslation(
            document=given, format=options.format, tags=options.tags, **common
        )
    elif options.split == "nonewlines":
        request = QueuedTranslation(text=_LINE_END.sub(" ", given), **common)
    else:
        request = QueuedTranslation(text=given, keep_lines=True, **common)
    read = parse(request)
    if not read.blocks:
        return None
    source = options.source
    if source is None:
        sample = "\n\n".join([*read.fields.values(), options.context])
        source, _ = likeliest_language(sample, served.sources)
    return request.model_copy(update={"source": source})


def _billed(given: str, request: QueuedTranslation | None) -> int:
    """The characters that are counted: those of a text as it is, of a document without its markup."""
    if request is None:
        return 0
    return len(given) if request.document is None else count_characters(request)
