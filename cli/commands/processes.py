"""`dragoman serve`, `worker`, `courier` and `health`: one process each, for containers."""

import socket
import sys
from typing import Annotated

import typer

from cli.common import given
from service.jobs.job import Queue


def serve(
    host: Annotated[str | None, typer.Option(help="Overrides DRAGOMAN_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Overrides DRAGOMAN_PORT.")] = None,
    fd: Annotated[
        int | None, typer.Option(help="A listening socket, instead of a host and a port.")
    ] = None,
) -> None:
    """Run the HTTP front."""
    from service.front.server import serve as serve_front
    from service.logs import configure
    from service.settings import get_settings

    configure(get_settings())
    listener = socket.socket(fileno=fd) if fd is not None else None
    serve_front(get_settings().model_copy(update=given(host=host, port=port)), listener)


def worker(
    queue: Annotated[list[Queue], typer.Option(help="The queue to work on; can be repeated.")],
    processes: Annotated[
        int, typer.Option("-n", "--processes", min=1, help="The number of processes.")
    ] = 1,
) -> None:
    """Run a Celery worker."""
    from service.logs import configure
    from service.settings import get_settings
    from workers.run import run_worker

    configure(get_settings())
    sys.exit(run_worker(get_settings(), queue, processes))


def courier() -> None:
    """Run the courier, which delivers webhooks."""
    import asyncio

    from service.logs import configure
    from service.settings import get_settings
    from service.webhooks.courier import Courier

    configure(get_settings())
    asyncio.run(Courier(get_settings()).run())


def health(
    queue: Annotated[
        Queue | None, typer.Option(help="Check the workers of this queue instead.")
    ] = None,
    courier: Annotated[bool, typer.Option("--courier", help="Check the courier instead.")] = False,
) -> None:
    """Check that the front answers; exit with 1 if not. For a container's health check."""
    from cli.state import use_running_stack
    from service.front.health import check_courier, check_front, check_workers
    from service.settings import get_settings

    use_running_stack()
    if courier:
        check_courier(get_settings())
    elif queue is not None:
        check_workers(get_settings(), queue)
    else:
        check_front(get_settings())
