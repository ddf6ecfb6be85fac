"""`dragoman up` and `dragoman demo`: all processes on one machine."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.common import DATA, ExitCode, read_text
from service.jobs.job import Queue

Data = Annotated[Path, typer.Option(help="The folder for records and logs.")]


def up(
    port: Annotated[int, typer.Option(help="The front's port; 0 takes a free one.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, help="The number of interactive worker processes.")
    ] = 1,
    data: Data = DATA,
) -> None:
    """Run Redis, the front, the workers and the courier in the foreground."""
    from cli.stack import running
    from cli.state import State, write_state
    from service.front.auth import keys_required
    from service.jobs.keys import KeyStore
    from service.jobs.store import JobStore
    from service.settings import get_settings
    from workers.resident import first_models

    settings = get_settings()
    # A setting that every process would refuse is reported here, not in each process's log.
    first_models(settings, settings.load_catalogue(), list(Queue))
    redis_url = settings.redis_url if "redis_url" in settings.model_fields_set else None
    with running(
        data=data, host=settings.host, port=port, workers=workers, redis_url=redis_url
    ) as stack:
        typer.echo(f"redis               {stack.redis_url}  ({stack.redis_about})")
        for part in stack.parts:
            where = stack.address if part.name == "front" else f"pid {part.process.pid}"
            typer.echo(f"{part.name:<19} {where}  (log: {part.about})")
        typer.echo(f"API documentation: {stack.address}/docs. Press Ctrl-C to stop.")
        if keys_required(settings):
            store = JobStore.connect(settings.model_copy(update={"redis_url": stack.redis_url}))
            if not KeyStore(store.client).any_valid():
                typer.echo(
                    "Requests need an API key, and there is none. "
                    "Create one in another terminal, in this folder: "
                    "dragoman keys create NAME --scope translate --scope summarize"
                )
        sys.stdout.flush()
        state = write_state(data, State(address=stack.address, redis_url=stack.redis_url))
        try:
            stack.supervise(lambda line: typer.echo(line))
        finally:
            state.unlink(missing_ok=True)
        typer.echo("Stopping.")


def demo(
    article: Annotated[Path, typer.Argument(help="An article in English.")],
    data: Data = Path("data/demo"),
) -> None:
    """Start everything, translate and summarize an article over HTTP, and stop."""
    from rich.console import Console

    from cli.demo import show
    from cli.stack import running

    # Ctrl-C and SIGTERM leave the `with` block, which stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.FAILED))
    with running(data=data, host="127.0.0.1", port=0, workers=1) as stack:
        show(stack, read_text(str(article)), Console(highlight=False))
