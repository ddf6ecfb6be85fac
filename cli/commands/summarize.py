"""`dragoman summarize`."""

from typing import Annotated

import typer

from cli.common import (
    STDIN,
    EffortOption,
    ExitCode,
    File,
    Json,
    Quiet,
    Server,
    Source,
    Strict,
    check_piped,
    given,
    read_source,
    validation,
)


def summarize(
    file: File = STDIN,
    sentences: Annotated[
        int | None, typer.Option(min=1, help="The number of sentences; 3 if no length is given.")
    ] = None,
    words: Annotated[int | None, typer.Option(min=1, help="The maximum number of words.")] = None,
    style: Annotated[str, typer.Option(help="brief, bullets or headline.")] = "brief",
    model: Annotated[
        str | None,
        typer.Option(
            help="The id of a model that writes summaries; if not given, sentences are selected."
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="The summary's language; the text's if not given.")
    ] = None,
    source: Source = None,
    effort: EffortOption = None,
    server: Server = None,
    quiet: Quiet = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Summarize a text or a document."""
    from cli.performers import performer
    from cli.terminal import be_quiet, list_boilerplate, report_flags, say, segment_bar
    from pipeline.requests import Length, SummaryRequest

    check_piped(file)
    be_quiet(quiet)
    length = given(sentences=sentences, words=words) or {"sentences": 3}
    with validation():
        request = SummaryRequest.model_validate(
            {
                **read_source(file, None),
                "source": source,
                "effort": effort,
                "target": to,
                "style": style,
                "model": model,
                "length": Length.model_validate(length),
            }
        )
    with performer(server) as work, segment_bar() as report:
        result = work.summarize(request, report)
    typer.echo(result.model_dump_json(indent=2) if as_json else result.text)
    list_boilerplate(result.furniture)
    if result.shortage is not None:
        say(f"note: {result.shortage}")
    if report_flags(result.sentences) and strict:
        raise SystemExit(ExitCode.FLAGGED)
