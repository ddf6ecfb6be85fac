"""The command line, and the one place that knows all three rooms.

Exit codes: 0 done; 1 something failed; 2 the command line is wrong; 3 the input was refused (empty,
not UTF-8, a language that is not served); 4 with `--strict`, some sentences are flagged; 130 stopped by
Ctrl-C.
"""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from redis import RedisError

from cli.batches.inputs import Format
from cli.terminal import (
    download_bars,
    mention_furniture,
    report_flags,
    say,
    segment_bar,
    show_keys,
    show_models,
)
from models.catalogue import Catalogue, Model
from models.errors import DragomanError, LicenceRefused, ModelUnavailable
from pipeline.errors import UndeterminedLanguage
from pipeline.requests import Length, SummaryRequest, TranslationRequest
from service.jobs.job import Queue, Task
from service.jobs.keys import KeyStore, Limits, Scope
from service.settings import get_settings

if TYPE_CHECKING:
    from pipeline.pipeline import Pipeline

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
    except UndeterminedLanguage as error:
        _quit(f"{error.detail} Here that is --from.", REFUSED)
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
    from cli.stack import running
    from workers.resident import first_models

    settings = get_settings()
    # What every part would refuse to start with ends this at once, not in each part's log.
    first_models(settings, settings.load_catalogue(), list(Queue))
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
    from service.front.server import serve as serve_front

    given = _given(host=host, port=port)
    listener = socket.socket(fileno=fd) if fd is not None else None
    serve_front(get_settings().model_copy(update=given), listener)


@app.command()
def worker(
    queue: Annotated[list[Queue], typer.Option(help="The queue to take from; can be repeated.")],
    processes: Annotated[int, typer.Option("-n", "--processes", min=1)] = 1,
) -> None:
    """Run a Celery worker alone."""
    from service.logs import configure
    from workers.run import run_worker

    configure(get_settings())
    sys.exit(run_worker(get_settings(), queue, processes))


@app.command()
def courier() -> None:
    """Deliver webhooks."""
    from service.logs import configure
    from service.webhooks.courier import Courier

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
    from service.front.health import check_courier, check_front, check_workers

    if courier:
        check_courier(get_settings())
    elif queue is not None:
        check_workers(get_settings(), queue)
    else:
        check_front(get_settings())


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
    from pipeline.languages import settle_translation

    catalogue = _catalogue()
    with _checked():
        request = TranslationRequest(
            text=_read(file),
            source=source,
            target=to,
            model=model,
            furniture="keep" if keep_furniture else "omit",
        )
    request = settle_translation(request, catalogue)
    with segment_bar() as report:
        result = _pipeline(catalogue).translate(request, report)
    typer.echo(result.model_dump_json(indent=2) if as_json else result.text)
    mention_furniture(result.furniture)
    if report_flags(result.segments) and strict:
        raise SystemExit(FLAGGED)


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
    from pipeline.languages import settle_summary

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
    request = settle_summary(request, catalogue)
    with segment_bar() as report:
        result = _pipeline(catalogue).summarize(request, report)
    typer.echo(result.model_dump_json(indent=2) if as_json else result.text)
    mention_furniture(result.furniture)
    if report_flags(result.sentences) and strict:
        raise SystemExit(FLAGGED)


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
    from cli.batches.inputs import Defaults, read_lines
    from cli.batches.outputs import Output
    from cli.batches.run import Bar, run_folder, run_here, run_there, told
    from workers.chunks import outcomes

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
        with run_folder(out) as folder, Bar() as bar:
            if server is not None:
                ended = run_there(folder, lines, output, bar, server=server, settings=settings)
            else:
                catalogue = _catalogue()
                work = partial(outcomes, pipeline=_pipeline(catalogue))
                ended = run_here(
                    folder, lines, output, bar, catalogue=catalogue, work=work, settings=settings
                )
    except KeyboardInterrupt:
        _quit("stopped; the same command goes on where it was", INTERRUPTED)
    for line in told(ended, output):
        say(line)
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
    show_models(_catalogue())


@models.command()
def fetch(models: Ids) -> None:
    """Fetch models from the hub by their pinned commits; goes on where it was broken off."""
    from models.hub.fetch import fetch as fetch_model

    catalogue = _catalogue()
    for model in [catalogue.entry(model_id) for model_id in models]:
        if isinstance(refusal := catalogue.refusal(model), LicenceRefused):
            raise refusal
        with download_bars() as report:
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
    from models.hub.fetch import newest
    from models.hub.pins import write_pin

    catalogue, models_dir = _catalogue(), get_settings().models_dir
    for model in [catalogue.entry(model_id) for model_id in models]:
        found = newest(model, branch)
        path = write_pin(models_dir, model.id, found)
        say(f"{model.id} is pinned in {path}:")
        typer.echo(f'["{model.id}"]\n{found.toml()}')


@models.command()
def verify(
    models: Annotated[
        list[str] | None, typer.Argument(help="Models' ids; else all that are here.")
    ] = None,
) -> None:
    """Check that models' files are what they were."""
    from models.hub.integrity import verify as verify_folder

    catalogue, damaged = _catalogue(), False
    chosen = [catalogue.entry(model_id) for model_id in models or []] or _usable(catalogue)
    for model in chosen:
        if model.folder is None:
            continue
        try:
            files = verify_folder(model.folder, model.sha256)
        except ModelUnavailable as error:
            say(f"{model.id}  {error.detail}", "red")
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
    from models.engines.conversion import converted
    from models.engines.loading import on_this_machine

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
    say(f"{key.id}: for {key.client}. Keep it now; it cannot be shown again.")
    typer.echo(secret)


@keys.command("list")
def list_keys() -> None:
    """Say which keys there are, whose, and what they allow."""
    show_keys(_keys().all())


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
    from rich.console import Console

    from cli.demo import show
    from cli.stack import running

    # Ctrl-C and SIGTERM end the `with` below, which stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
        show(stack, _read(str(article)), Console(highlight=False))


def _keys() -> KeyStore:
    from service.jobs.store import JobStore

    return KeyStore(JobStore.connect(get_settings()).client)


def _usable(catalogue: Catalogue) -> list[Model]:
    return [model for model in catalogue.models if catalogue.refusal(model) is None]


def _chosen(catalogue: Catalogue, model_id: str) -> Model:
    model = catalogue.entry(model_id)
    return catalogue.get(model_id, model.task)


def _catalogue() -> Catalogue:
    return get_settings().load_catalogue()


def _pipeline(catalogue: Catalogue) -> "Pipeline":
    from workers.resident import pipeline_of

    return pipeline_of(get_settings(), catalogue)


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
    say(f"dragoman: {message}", "red")
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


if __name__ == "__main__":
    main()
