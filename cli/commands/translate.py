"""`dragoman translate`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from cli.common import (
    STDIN,
    EffortOption,
    ExitCode,
    Json,
    Quiet,
    Server,
    Source,
    Strict,
    check_piped,
    fail,
    files_below,
    read_source,
    validation,
    write_result,
)

if TYPE_CHECKING:
    from pipeline.requests import Effort, FileFormat


def translate(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|-...",
            help="Texts in UTF-8, documents, or folders of them; stdin with -, or if piped.",
        ),
    ] = [STDIN],  # noqa: B006 - typer copies it
    *,
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
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The file to write, or the folder if there are several; stdout if not given.",
        ),
    ] = None,
    memory: Annotated[
        bool, typer.Option(help="Use the translation memory at DRAGOMAN_DATABASE_URL.")
    ] = True,
    glossary: Annotated[
        list[str] | None,
        typer.Option(help="A glossary: a file, or a name. Several are given one by one."),
    ] = None,
    label: Annotated[
        bool,
        typer.Option(help="Write the language and who made it into HTML, ninjs and NewsML-G2."),
    ] = False,
    effort: EffortOption = None,
    server: Server = None,
    quiet: Quiet = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Translate texts or documents."""
    from cli.performers import performer
    from cli.terminal import be_quiet, list_boilerplate, report_flags, say, segment_bar
    from models.errors import DragomanError
    from pipeline.requests import TranslationRequest

    check_piped(files[0])
    be_quiet(quiet)
    inputs = _inputs(files, out)
    tables = [name for name in glossary or [] if Path(name).exists()]
    is_flagged, failed = False, 0
    with performer(server, tables) as work:
        for file, target in inputs:
            try:
                with validation():
                    request = TranslationRequest(
                        **read_source(file, cast("FileFormat | None", format_)),
                        source=source,
                        target=to,
                        model=model,
                        furniture="keep" if keep_furniture else "omit",
                        memory=memory,
                        effort=cast("Effort | None", effort),
                        label=label,
                        glossaries=[name for name in glossary or [] if name not in tables],
                    )
                with segment_bar() as report:
                    result = work.translate(request, report)
            except (DragomanError, SystemExit) as error:
                if len(inputs) == 1:
                    raise
                say(f"{file} is left out: {error}" if isinstance(error, DragomanError) else file)
                failed += 1
                continue
            write_result(result, as_json, target)
            list_boilerplate(result.furniture, kept=keep_furniture)
            if result.region is not None:
                say(f"note: {result.region.note}")
            is_flagged |= report_flags(result.segments)
    if failed:
        fail(f"{failed} of {len(inputs)} files could not be translated.", ExitCode.FAILED)
    if is_flagged and strict:
        raise SystemExit(ExitCode.FLAGGED)


def _inputs(files: Sequence[str], out: Path | None) -> list[tuple[str, Path | None]]:
    """The files with those to write; for several, or for a folder, they have the same names in `out`."""
    if len(files) == 1 and not Path(files[0]).is_dir():
        return [(files[0], out)]
    if out is None:
        fail("several files need a folder: give it with -o.", ExitCode.REFUSED)
    inputs: dict[Path, str] = {}
    for file in map(Path, files):
        found = files_below(file) if file.is_dir() else [file]
        for path in found:
            target = out / (path.relative_to(file) if file.is_dir() else path.name)
            if target in inputs:
                fail(f"{inputs[target]} and {path} have the same name.", ExitCode.REFUSED)
            if target.resolve() == path.resolve():
                fail(f"{path} would be overwritten: give another folder.", ExitCode.REFUSED)
            inputs[target] = str(path)
    if not inputs:
        fail("there is no text and no document in the folder.", ExitCode.REFUSED)
    return [(path, target) for target, path in inputs.items()]
