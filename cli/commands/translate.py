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
    local_database,
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
    glossary: Annotated[
        list[str] | None,
        typer.Option(help="A glossary: a file, or a name. Several are given one by one."),
    ] = None,
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
            glossaries=[name for name in glossary or [] if not Path(name).exists()],
        )
    files = [Path(name) for name in glossary or [] if Path(name).exists()]
    request = _with_knowledge(settle_translation(request, catalogue), files)
    with segment_bar() as report:
        result = load_pipeline(catalogue).translate(request, report)
    write_result(result, as_json, out)
    list_boilerplate(result.furniture)
    if report_flags(result.segments) and strict:
        raise SystemExit(ExitCode.FLAGGED)


def _with_knowledge(request: "TranslationRequest", files: list[Path]) -> "TranslationRequest":
    """Return the request with what this machine's memory and glossaries have for it, and the files' terms."""
    from cli.commands.glossary import read_glossary
    from models.language_codes import primary_subtag
    from pipeline.glossary.terms import for_region
    from pipeline.languages import source_of
    from pipeline.requests import Knowledge, KnownTranslation
    from service.jobs.keys import ANYONE
    from service.lookup import Lookup
    from service.settings import get_settings

    knowledge = Knowledge()
    if request.memory or request.glossaries:
        with local_database() as database:
            knowledge = Lookup(database, get_settings()).knowledge(ANYONE, request)
    pair = source_of(request), primary_subtag(request.target)
    for file in files:
        knowledge.terms += for_region(read_glossary(file, *pair), request.target)
    return KnownTranslation(**request.model_dump(), **knowledge.model_dump())
