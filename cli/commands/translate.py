"""`dragoman translate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from cli.common import (
    ExitCode,
    File,
    Json,
    Source,
    Strict,
    load_catalogue,
    load_pipeline,
    read_source,
    validation,
    write_result,
)

if TYPE_CHECKING:
    from pipeline.requests import FileFormat, TranslationRequest


def translate(
    file: File,
    to: Annotated[str, typer.Option("--to", help="The language to translate into.")],
    source: Source = None,
    model: Annotated[str | None, typer.Option(help="A model's id.")] = None,
    keep_furniture: Annotated[
        bool,
        typer.Option(help="Keep page boilerplate (menus, “Follow us on”), untranslated."),
    ] = False,
    format_: Annotated[
        str | None,
        typer.Option("--format", help="The format of a document; from its name if not given."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; stdout if not given.")
    ] = None,
    memory: Annotated[
        bool, typer.Option(help="Use the translation memory at DRAGOMAN_DATABASE_URL.")
    ] = True,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Translate a text or a document in this process, without Redis or a server."""
    from cli.terminal import list_boilerplate, report_flags, segment_bar
    from pipeline.languages import settle_translation
    from pipeline.requests import TranslationRequest

    catalogue = load_catalogue()
    with validation():
        request = TranslationRequest(
            **read_source(file, cast("FileFormat | None", format_)),
            source=source,
            target=to,
            model=model,
            furniture="keep" if keep_furniture else "omit",
            memory=memory,
        )
    request = _with_memory(settle_translation(request, catalogue))
    with segment_bar() as report:
        result = load_pipeline(catalogue).translate(request, report)
    write_result(result, as_json, out)
    list_boilerplate(result.furniture)
    if report_flags(result.segments) and strict:
        raise SystemExit(ExitCode.FLAGGED)


def _with_memory(request: "TranslationRequest") -> "TranslationRequest":
    """Return the request with the translations of its sentences that this machine's memory has."""
    if not request.memory:
        return request
    from contextlib import closing

    from pipeline.requests import KnownTranslation
    from service.jobs.keys import ANYONE
    from service.lookup import Lookup
    from service.settings import get_settings
    from service.storage.schema import open_database

    settings = get_settings()
    with closing(open_database(settings)) as database:
        known = Lookup(database, settings).known(ANYONE, request)
    return KnownTranslation(**request.model_dump(), known=known)
