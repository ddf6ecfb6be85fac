"""`dragoman translate`."""

from typing import Annotated

import typer

from cli.common import (
    ExitCode,
    File,
    Json,
    Source,
    Strict,
    load_catalogue,
    load_pipeline,
    read_text,
    validation,
)


def translate(
    file: File,
    to: Annotated[str, typer.Option("--to", help="The language to translate into.")],
    source: Source = None,
    model: Annotated[str | None, typer.Option(help="A model's id.")] = None,
    keep_furniture: Annotated[
        bool,
        typer.Option(help="Keep page boilerplate (menus, “Follow us on”), untranslated."),
    ] = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Translate a text in this process, without Redis or a server."""
    from cli.terminal import list_boilerplate, report_flags, segment_bar
    from pipeline.languages import settle_translation
    from pipeline.requests import TranslationRequest

    catalogue = load_catalogue()
    with validation():
        request = TranslationRequest(
            text=read_text(file),
            source=source,
            target=to,
            model=model,
            furniture="keep" if keep_furniture else "omit",
        )
    request = settle_translation(request, catalogue)
    with segment_bar() as report:
        result = load_pipeline(catalogue).translate(request, report)
    typer.echo(result.model_dump_json(indent=2) if as_json else result.text)
    list_boilerplate(result.furniture)
    if report_flags(result.segments) and strict:
        raise SystemExit(ExitCode.FLAGGED)
