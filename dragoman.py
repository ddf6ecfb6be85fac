"""The command line, and the one place that knows all three rooms.

Exit codes: 0 done; 1 something failed; 2 the command line is wrong; 3 the input was refused (empty,
not UTF-8, a language that is not served); 4 with `--strict`, some sentences are flagged; 130 stopped by
Ctrl-C.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from redis import RedisError
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from models.catalogue import Catalogue, Model
from models.errors import DragomanError, LicenceRefused, ModelUnavailable
from service.batches.inputs import Format
from service.jobs import Queue, Task
from service.keys import KeyStore, Limits, Scope
from service.schemas import (
    FurnitureLine,
    Length,
    SummaryRequest,
    SummarySentence,
    TranslatedSegment,
    TranslationRequest,
)
from service.settings import get_settings

if TYPE_CHECKING:
    from service.batches.local import Work
    from workers.pipeline import Pipeline

FAILED, REFUSED, FLAGGED, INTERRUPTED = 1, 3, 4, 130

app = typer.Typer(
    name="dragoman",
    help="A newsroom's own translation and summary service.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
models = typer.Typer(help="What models there are.")
app.add_typer(models, name="models")
batch = typer.Typer(help="An archive at once.", no_args_is_help=True)
app.add_typer(batch, name="batch")
keys = typer.Typer(help="Who may call the front.", no_args_is_help=True)
app.add_typer(keys, name="keys")
err = Console(stderr=True, highlight=False)

File = Annotated[str, typer.Argument(metavar="FILE|-", help="A text in UTF-8; - is stdin.")]
Json = Annotated[bool, typer.Option("--json", help="Print the whole result as JSON.")]
From = Annotated[str | None, typer.Option("--from", help="Its language; else it is detected.")]
Most = Annotated[int | None, typer.Option(min=1, help="At most; no limit if not given.")]
Strict = Annotated[bool, typer.Option(help="End with 4 if a sentence is flagged.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Models' ids.")]
Data = Annotated[Path, typer.Option(help="Where records and logs are kept.")]


def main() -> None:
    """Run the command line; an error of ours is one line on stderr and an exit code."""
    try:
        app()
    except DragomanError as error:
        _quit(error.detail, REFUSED if 400 <= error.status < 500 else FAILED)
    except RedisError as error:
        _quit(f"Redis, at DRAGOMAN_REDIS_URL: {error}", FAILED)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="The front's port; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Interactive worker processes.")] = 1,
    data: Data = Path("data"),
) -> None:
    """Run the whole stack in the foreground: Redis, the front, the workers."""
    from service.stack import running

    settings = get_settings()
    given = settings.redis_url if "redis_url" in settings.model_fields_set else None
    with running(
        data=data, host=settings.host, port=port, workers=workers, redis_url=given
    ) as stack:
        typer.echo(f"redis               {stack.redis_url}  ({stack.redis_about})")
        for part in stack.parts:
            where = stack.address if part.name == "front" else f"pid {part.process.pid}"
            typer.echo(f"{part.name:<19} {where}  (log: {part.about})")
        typer.echo(f"The docs are at {stack.address}/docs. Ctrl-C stops everything.")
        sys.stdout.flush()
        stack.supervise(lambda line: typer.echo(line))
        typer.echo("Stopping.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="DRAGOMAN_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="DRAGOMAN_PORT.")] = None,
    fd: Annotated[int | None, typer.Option(help="A listening socket instead of the two.")] = None,
) -> None:
    """Run the HTTP front alone."""
    import uvicorn

    from service.app import create_app
    from service.auth import check_that_somebody_can_call, keys_required

    settings = get_settings()
    sockets = [socket.socket(fileno=fd)] if fd is not None else None
    host = sockets[0].getsockname()[0] if sockets else host or settings.host
    settings = settings.model_copy(update={"host": host})
    if keys_required(settings):
        check_that_somebody_can_call(_keys())
    config = uvicorn.Config(
        create_app(settings),
        host=host,
        port=settings.port if port is None else port,
        # Its lines go where all others go.
        log_config=None,
        # An open event stream must not hold the shutdown up.
        timeout_graceful_shutdown=5,
    )
    asyncio.run(uvicorn.Server(config).serve(sockets=sockets))


@app.command()
def worker(
    queue: Annotated[list[Queue], typer.Option(help="The queue to take from; can be repeated.")],
    processes: Annotated[int, typer.Option("-n", "--processes", min=1)] = 1,
) -> None:
    """Run a Celery worker alone."""
    from service.logs import configure
    from workers.app import app as celery
    from workers.priority import give_way
    from workers.resident import first_models

    configure(get_settings())
    first_models(get_settings(), _catalogue(), queue)  # what is wrong with them is said now
    if set(queue) == {Queue.BATCH}:
        give_way(get_settings().batch_niceness)
    names = "+".join(queue)
    celery_worker = celery.Worker(
        queues=[q.key for q in queue],
        concurrency=processes,
        hostname=f"{names}.{os.getpid()}@{socket.gethostname()}",
        loglevel=get_settings().log_level,
        without_gossip=True,
        without_mingle=True,
        # Nobody listens to its events; and where Redis is away, sending one would hold up the loop.
        without_heartbeat=True,
        quiet=True,
    )
    celery_worker.start()
    sys.exit(celery_worker.exitcode)


@app.command()
def courier() -> None:
    """Deliver webhooks."""
    from service.logs import configure
    from workers.webhooks import Courier

    configure(get_settings())
    asyncio.run(Courier(get_settings()).run())


@app.command()
def health(
    queue: Annotated[
        Queue | None, typer.Option(help="Ask about this queue's workers instead.")
    ] = None,
    courier: Annotated[bool, typer.Option("--courier", help="Or about the webhooks.")] = False,
) -> None:
    """Say whether the front answers, or others get on with their work; for a container's check."""
    import httpx

    from service.store import JobStore

    settings = get_settings()
    if courier:
        try:
            overdue = JobStore.connect(settings).overdue()
        except RedisError as error:
            _quit(f"Redis: {error}", FAILED)
        if overdue > 2 * settings.webhook_seconds:
            _quit(f"a webhook is due, and nobody has delivered it for {overdue:.0f} s", FAILED)
        return
    if queue is None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
        try:
            httpx.get(f"http://{host}:{settings.port}/healthz", timeout=5).raise_for_status()
        except httpx.HTTPError as error:
            _quit(f"the front does not answer: {error}", FAILED)
        return
    try:
        silence = JobStore.connect(settings).silence(queue)
    except RedisError as error:
        _quit(f"Redis: {error}", FAILED)
    if silence > settings.stall_seconds:
        _quit(f"jobs wait, and no worker was heard of for {silence:.0f} s", FAILED)


@app.command()
def translate(
    file: File,
    to: Annotated[str, typer.Option("--to", help="The language wanted.")],
    source: From = None,
    model: Annotated[str | None, typer.Option(help="A model's id.")] = None,
    keep_furniture: Annotated[
        bool, typer.Option(help="Keep the page's own lines, untranslated.")
    ] = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Translate a text, here in this process: no Redis, no server."""
    from service.resolve import resolve_translation

    catalogue = _catalogue()
    with _checked():
        request = TranslationRequest(
            text=_read(file),
            source=source,
            target=to,
            model=model,
            furniture="keep" if keep_furniture else "omit",
        )
    request = resolve_translation(request, catalogue)
    with _progress() as report:
        result = _pipeline(catalogue).translate(request, report)
    typer.echo(result.model_dump_json(indent=2) if as_json else result.text)
    _mention(result.furniture)
    _report_flags(result.segments, strict)


@app.command()
def summarize(
    file: File,
    sentences: Annotated[int | None, typer.Option(min=1)] = None,
    words: Annotated[int | None, typer.Option(min=1)] = None,
    style: Annotated[str, typer.Option(help="brief, bullets or headline.")] = "brief",
    model: Annotated[
        str | None, typer.Option(help="A summary model's id; else sentences are chosen.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="The summary's language.")] = None,
    source: From = None,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Summarize a text, here in this process: no Redis, no server."""
    from service.resolve import resolve_summary

    catalogue = _catalogue()
    given = _given(sentences=sentences, words=words)
    with _checked():
        request = SummaryRequest.model_validate(
            {
                "text": _read(file),
                "source": source,
                "target": to,
                "style": style,
                "model": model,
                "length": Length.model_validate(given or {"sentences": 3}),
            }
        )
    request = resolve_summary(request, catalogue)
    with _progress() as report:
        result = _pipeline(catalogue).summarize(request, report)
    typer.echo(result.model_dump_json(indent=2) if as_json else result.text)
    _mention(result.furniture)
    _report_flags(result.sentences, strict)


@batch.command("run")
def run_batch(
    input_: Annotated[Path, typer.Argument(metavar="INPUT", help="A file, or a folder of texts.")],
    out: Annotated[Path, typer.Option(help="FILE.jsonl, FILE.csv, or a folder.")],
    to: Annotated[str | None, typer.Option("--to", help="The language wanted.")] = None,
    task: Annotated[Task, typer.Option(help="What to do with each text.")] = Task.TRANSLATE,
    source: From = None,
    model: Annotated[str | None, typer.Option(help="A model's id.")] = None,
    style: Annotated[str | None, typer.Option(help="Of summaries.")] = None,
    sentences: Annotated[int | None, typer.Option(min=1, help="Of summaries.")] = None,
    words: Annotated[int | None, typer.Option(min=1, help="Of summaries.")] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Else told by the input's name.")
    ] = None,
    server: Annotated[
        str | None, typer.Option(help="The front's address; else the work is done here.")
    ] = None,
) -> None:
    """Translate or summarize a whole archive. Stopped, the same command goes on where it was."""
    from service.batches.inputs import Defaults, read_lines
    from service.batches.outputs import Output
    from service.batches.run import Bar, run_folder, run_here, run_there, told

    settings = get_settings()
    of_task: dict[str, object] = {"model": model}
    if task is Task.SUMMARIZE:
        length = _given(sentences=sentences, words=words)
        of_task |= {"style": style, "length": length or None}
    defaults = Defaults(task, _given(source=source, target=to), _given(**of_task))
    format_ = format_ or Format.of(input_)
    lines = partial(read_lines, input_, format_, defaults)
    output = Output(out, texts=format_ is Format.TXT_DIR)
    try:
        with run_folder(out) as folder, Bar(err) as bar:
            if server is not None:
                ended = run_there(folder, lines, output, bar, server=server, settings=settings)
            else:
                catalogue = _catalogue()
                work = _chunk_work(_pipeline(catalogue))
                ended = run_here(
                    folder, lines, output, bar, catalogue=catalogue, work=work, settings=settings
                )
    except KeyboardInterrupt:
        _quit("stopped; the same command goes on where it was", INTERRUPTED)
    for line in told(ended, output):
        err.print(line, markup=False, soft_wrap=True)
    if ended.counts.done < ended.counts.total + ended.counts.rejected:
        raise SystemExit(FAILED)


@models.callback(invoke_without_command=True)
def models_alone(context: typer.Context) -> None:
    """List, fetch, convert, verify and pin models."""
    if context.invoked_subcommand is None:
        list_models()


@models.command("list")
def list_models() -> None:
    """Say which models there are, and what those need that cannot be used now."""
    table = Table("model", "task", "from", "to", "engine", "licence", "now", box=None)
    catalogue = _catalogue()
    for model in catalogue.models:
        obstacle = catalogue.obstacle(model)
        table.add_row(
            model.id,
            model.task,
            _languages(model.source, "any"),
            _languages(model.target, "same"),
            model.engine,
            model.licence,
            f"needs: {obstacle.mend}" if obstacle else "ready",
        )
    # A pipe has no width: nothing is to be cut for it.
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


@models.command()
def fetch(models: Ids) -> None:
    """Fetch models from the hub by their pinned commits; goes on where it was broken off."""
    from models.fetch import fetch as fetch_model

    catalogue = _catalogue()
    for model in [catalogue.entry(model_id) for model_id in models]:
        if isinstance(obstacle := catalogue.obstacle(model), LicenceRefused):
            raise obstacle
        with _download_bars() as report:
            folder = fetch_model(model, report)
        typer.echo(f"{model.id}  {folder}")


@models.command()
def pin(
    models: Ids,
    branch: Annotated[
        str | None, typer.Option(help="A branch or refs/pr/N; else the entry's.")
    ] = None,
) -> None:
    """Find the newest commits of models on the hub, and keep to them until the next time."""
    from models.fetch import newest
    from models.pins import write_pin

    catalogue, models_dir = _catalogue(), get_settings().models_dir
    for model in [catalogue.entry(model_id) for model_id in models]:
        found = newest(model, branch)
        path = write_pin(models_dir, model.id, found)
        err.print(f"{model.id} is pinned in {path}:", markup=False, soft_wrap=True)
        typer.echo(f'["{model.id}"]\n{found.toml()}')


@models.command()
def verify(
    models: Annotated[
        list[str] | None, typer.Argument(help="Models' ids; else all that are here.")
    ] = None,
) -> None:
    """Check that models' files are what they were."""
    from models.integrity import verify as verify_folder

    catalogue, damaged = _catalogue(), False
    chosen = [catalogue.entry(model_id) for model_id in models or []] or _usable(catalogue)
    for model in chosen:
        if model.folder is None:
            continue
        try:
            files = verify_folder(model.folder, model.sha256)
        except ModelUnavailable as error:
            err.print(f"{model.id}  {error.detail}", style="red", markup=False, soft_wrap=True)
            damaged = True
        else:
            typer.echo(f"{model.id}  {f'{files} files as they were' if files else 'has no hashes'}")
    if damaged:
        raise SystemExit(FAILED)


@models.command()
def convert(
    model: Annotated[
        str | None, typer.Argument(help="A model's id; else all that are here.")
    ] = None,
) -> None:
    """Convert models for CTranslate2 now, not when a worker first needs them."""
    from models.convert import converted
    from models.load import on_this_machine

    catalogue, folder = _catalogue(), get_settings().models_dir
    for one in _usable(catalogue) if model is None else [_chosen(catalogue, model)]:
        if one.engine == "ctranslate2":
            typer.echo(f"{one.id}  {converted(on_this_machine(one), folder)}")


@keys.command("create")
def create_key(
    client: Annotated[str, typer.Argument(help="Whose it is: his keys share jobs and counts.")],
    scope: Annotated[list[Scope], typer.Option(help="What it allows; can be repeated.")],
    requests_per_minute: Most = None,
    characters_per_minute: Most = None,
    characters_per_month: Most = None,
    in_flight: Annotated[int | None, typer.Option(min=1, help="Jobs at a time.")] = None,
) -> None:
    """Make an API key and print it, once: only its hash is kept."""
    limits = Limits(
        requests_per_minute=requests_per_minute,
        characters_per_minute=characters_per_minute,
        characters_per_month=characters_per_month,
        in_flight=in_flight,
    )
    with _checked():
        key, secret = _keys().create(client, frozenset(scope), limits)
    err.print(f"{key.id}: for {key.client}. Keep it now; it cannot be shown again.", markup=False)
    typer.echo(secret)


@keys.command("list")
def list_keys() -> None:
    """Say which keys there are, whose, and what they allow."""
    table = Table("id", "client", "scopes", "limits", "made", "revoked", box=None)
    for key in _keys().all():
        limits = key.limits.model_dump(exclude_none=True)
        table.add_row(
            key.id,
            key.client,
            " ".join(sorted(key.scopes)),
            ", ".join(f"{name.replace('_', ' ')} {limit:,}" for name, limit in limits.items()),
            f"{key.created_at:%Y-%m-%d}",
            f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else "",
        )
    Console(highlight=False).print(table)


@keys.command("revoke")
def revoke_key(id: Annotated[str, typer.Argument(help="The key's id, as listed.")]) -> None:
    """Let a key in no more, from the next request on."""
    key = _keys().revoke(id)
    typer.echo(f"{key.id} of {key.client} is revoked.")


@app.command()
def demo(
    article: Annotated[Path, typer.Argument(help="Any article in English.")],
    data: Data = Path("data/demo"),
) -> None:
    """Start the whole stack, send it an article, show what comes back, stop everything."""
    from service.demo import show
    from service.stack import running

    # Ctrl-C and SIGTERM end the `with` below, which stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
        show(stack, _read(str(article)), Console(highlight=False))


def _keys() -> KeyStore:
    from service.store import JobStore

    return KeyStore(JobStore.connect(get_settings()).client)


def _languages(codes: Sequence[str], none: str) -> str:
    return " ".join(codes) or none if len(codes) < 8 else f"{len(codes)} languages"


def _usable(catalogue: Catalogue) -> list[Model]:
    return [model for model in catalogue.models if catalogue.obstacle(model) is None]


def _chosen(catalogue: Catalogue, model_id: str) -> Model:
    model = catalogue.entry(model_id)
    return catalogue.get(model_id, model.task)


def _catalogue() -> Catalogue:
    return get_settings().load_catalogue()


def _pipeline(catalogue: Catalogue) -> "Pipeline":
    from workers.pipeline import Pipeline

    return Pipeline.of(catalogue, get_settings())


def _chunk_work(pipeline: "Pipeline") -> "Work":
    """What does a chunk of a batch in this process."""
    from service.batches.items import Chunk
    from workers.chunks import run_items

    def work(chunk: str) -> list[dict[str, Any]]:
        result = run_items(Chunk.model_validate_json(chunk), pipeline, lambda *_: None)
        return [outcome.model_dump(mode="json", exclude_none=True) for outcome in result.outcomes]

    return work


def _given(**options: object) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _quit(f"{file} is not UTF-8 (byte {error.start}): convert it first.", REFUSED)
    except OSError as error:
        _quit(f"{file}: {error.strerror}", REFUSED)


def _quit(message: str, code: int) -> NoReturn:
    err.print(f"dragoman: {message}", style="red", markup=False, soft_wrap=True)
    raise SystemExit(code)


@contextmanager
def _checked() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        _quit(f"{where}: {message}" if where else message, REFUSED)


@contextmanager
def _progress() -> Iterator["_Report"]:
    columns = (TextColumn("segments"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield _Report(bar)


@contextmanager
def _download_bars() -> Iterator["Callable[[str, int, int | None], None]"]:
    """Shows each file's download as a bar on stderr."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name)
            bars.update(tasks[name], completed=done, total=total)

        yield report


class _Report:
    """Shows the pipeline's progress as a bar on stderr."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


def _mention(furniture: list[FurnitureLine]) -> None:
    if furniture:
        lines = ", ".join(f"“{line.text}”" for line in furniture)
        err.print(f"left out as page furniture: {lines}", markup=False, soft_wrap=True)


def _report_flags(sentences: Sequence[TranslatedSegment | SummarySentence], strict: bool) -> None:
    """Print the sentences to check, each with its reasons; under `strict` they end the command."""
    flagged = [sentence for sentence in sentences if sentence.flags]
    for sentence in flagged:
        pair = (
            (sentence.source_text, sentence.text)
            if isinstance(sentence, SummarySentence)
            else (sentence.source, sentence.target)
        )
        err.print("check: " + " → ".join(pair), markup=False, soft_wrap=True)
        for flag in sentence.flags:
            err.print(
                f"  {flag.severity}: {flag.message} ({flag.code})", markup=False, soft_wrap=True
            )
    if flagged and strict:
        raise SystemExit(FLAGGED)


if __name__ == "__main__":
    main()
