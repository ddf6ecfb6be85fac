"""`dragoman batch`: many texts at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.batches.input_format import Format
from cli.common import ExitCode, Source, Strict, fail, given, load_catalogue, load_pipeline
from service.jobs.job import Task

if TYPE_CHECKING:
    import httpx

app = typer.Typer(name="batch", help="Translate or summarize many texts.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The batch's id, as listed.")]
Front = Annotated[
    str | None,
    typer.Option("--server", help="The front's address; that of the stack on `data` if not given."),
]


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
    encoding: Annotated[
        str | None,
        typer.Option(help="A table's encoding, such as cp1252; UTF-8 or UTF-16 if not given."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print what would be done, and how long it would take."),
    ] = False,
    strict: Strict = False,
    server: Annotated[
        str | None,
        typer.Option(help="The front's address; if not given, this process does the work."),
    ] = None,
) -> None:
    """Translate or summarize many texts. If interrupted, rerun the same command to resume.

    The options apply to every text that does not say otherwise itself.
    """
    from cli.batches.estimate import estimate
    from cli.batches.inputs import Defaults, read_lines
    from cli.batches.outputs import Output
    from cli.batches.progress import BatchBar, summary_lines
    from cli.batches.run import run_folder, run_locally, run_on_server
    from cli.batches.tables import read_rows
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
    lines = partial(read_lines, input_, format_, defaults, encoding)
    rows = partial(read_rows, input_, encoding) if format_ is Format.CSV else None
    output = Output(out, files=format_ is Format.FOLDER, rows=rows)
    try:
        if dry_run:
            catalogue = load_catalogue()
            work = None if server else partial(outcomes, pipeline=load_pipeline(catalogue))
            for line in estimate(lines, catalogue, settings, work):
                typer.echo(line)
            return
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
    if strict and output.review.flagged:
        raise SystemExit(ExitCode.FLAGGED)


@app.command("list")
def list_batches(server: Front = None) -> None:
    """List the batches of a front, the newest first."""
    from cli.server import checked
    from cli.terminal import show_batches
    from service.batches.batch import BatchPage

    with _front(server) as client:
        answer = checked(client.get("/v1/batches", params={"size": 100}))
    show_batches(BatchPage.model_validate_json(answer.content).batches)


@app.command()
def status(batch_id: Id, server: Front = None) -> None:
    """Show a batch of a front: what is done of it, and the time left."""
    from cli.server import checked

    with _front(server) as client:
        _show(checked(client.get(f"/v1/batches/{batch_id}")))


@app.command()
def cancel(batch_id: Id, server: Front = None) -> None:
    """Cancel a batch of a front. What is done stays, and can be fetched until it expires."""
    from cli.server import checked

    with _front(server) as client:
        _show(checked(client.delete(f"/v1/batches/{batch_id}")))


def _show(answer: "httpx.Response") -> None:
    from cli.terminal import show_batches
    from service.batches.batch import Batch

    show_batches([Batch.model_validate_json(answer.content)])


@contextmanager
def _front(server: str | None) -> "Iterator[httpx.Client]":
    """A client of the front at the address, or of the stack on `data`."""
    from cli.server import connect
    from cli.state import find_state
    from service.settings import get_settings

    state = find_state()
    address = server or (state.address if state else None)
    if address is None:
        fail("no stack runs on `data`: give the front's address with --server.", ExitCode.REFUSED)
    with connect(address, get_settings()) as client:
        yield client
