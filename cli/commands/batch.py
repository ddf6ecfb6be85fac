"""`dragoman batch`: many texts at once."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.batches.input_format import Format
from cli.common import ExitCode, Source, fail, given, load_catalogue, load_pipeline
from service.jobs.job import Task

app = typer.Typer(name="batch", help="Translate or summarize many texts.", no_args_is_help=True)


@app.command("run")
def run_batch(
    input_: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT", help="A JSONL or CSV file, or a folder of texts and documents."
        ),
    ],
    out: Annotated[Path, typer.Option(help="FILE.jsonl, FILE.csv, or a folder.")],
    to: Annotated[str | None, typer.Option("--to", help="The language to translate into.")] = None,
    task: Annotated[
        Literal["translate", "summarize"], typer.Option(help="What to do with each text.")
    ] = "translate",
    source: Source = None,
    model: Annotated[str | None, typer.Option(help="A model's id.")] = None,
    style: Annotated[str | None, typer.Option(help="For summaries.")] = None,
    sentences: Annotated[int | None, typer.Option(min=1, help="For summaries.")] = None,
    words: Annotated[int | None, typer.Option(min=1, help="For summaries.")] = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="The input's format; from its name if not given."),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(help="The front's address; if not given, this process does the work."),
    ] = None,
) -> None:
    """Translate or summarize many texts. If interrupted, rerun the same command to resume.

    The options apply to every text that does not say otherwise itself.
    """
    from cli.batches.inputs import Defaults, read_lines
    from cli.batches.outputs import Output
    from cli.batches.progress import BatchBar, summary_lines
    from cli.batches.run import run_folder, run_locally, run_on_server
    from cli.terminal import say
    from service.settings import get_settings
    from workers.chunks import outcomes

    settings = get_settings()
    of_task: dict[str, object] = {"model": model}
    if task == "summarize":
        length = given(sentences=sentences, words=words)
        of_task |= {"style": style, "length": length or None}
    defaults = Defaults(Task(task), given(source=source, target=to), given(**of_task))
    format_ = format_ or Format.of(input_)
    lines = partial(read_lines, input_, format_, defaults)
    output = Output(out, files=format_ is Format.FOLDER)
    try:
        with run_folder(out) as folder, BatchBar() as bar:
            if server is not None:
                batch = run_on_server(
                    folder, lines, output, bar.show, server=server, settings=settings
                )
            else:
                catalogue = load_catalogue()
                work = partial(outcomes, pipeline=load_pipeline(catalogue))
                batch = run_locally(
                    folder,
                    lines,
                    output,
                    bar.show,
                    catalogue=catalogue,
                    work=work,
                    settings=settings,
                )
    except KeyboardInterrupt:
        fail("interrupted: rerun the same command to resume.", ExitCode.INTERRUPTED)
    for line in summary_lines(batch, output):
        say(line)
    if batch.counts.done < batch.counts.total + batch.counts.rejected:
        raise SystemExit(ExitCode.FAILED)
