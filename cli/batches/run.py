"""A resumable run of `dragoman batch run`, in this process or on a server."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.batches.local import Lines, Report, Work, local_batch, process_chunks
from cli.batches.outputs import Output
from cli.batches.remote import RemoteBatch
from cli.server import connect
from cli.terminal import say
from models.catalogue import Catalogue
from models.errors import DragomanError
from service.batches.batch import Batch
from service.batches.results import Order
from service.errors import InvalidRequest
from service.settings import Settings


@contextmanager
def run_folder(out: Path) -> Iterator[Path]:
    """The folder `OUT.run`, which holds what a run needs to resume. Removed when the run completes.

    Raises InvalidRequest if another run is using it.
    """
    folder = out.with_name(out.name + ".run")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidRequest(
                f"Another run is writing {out}: wait for it, or give another --out."
            ) from None
        try:
            yield folder
        except DragomanError:
            if [path.name for path in folder.iterdir()] == ["lock"]:
                shutil.rmtree(folder)  # there is nothing to resume
            raise
        shutil.rmtree(folder)


def run_locally(
    folder: Path,
    lines: Lines,
    output: Output,
    report: Report,
    *,
    catalogue: Catalogue,
    work: Work,
    settings: Settings,
) -> Batch:
    """Run the batch in this process and write its results; return its final state."""
    with local_batch(folder, lines, catalogue, settings) as file:
        process_chunks(file, work, report, settings)
        output.write(file.results.lines(Order.INPUT), file.results.errors())
        return file.view(settings.retention_seconds)


def run_on_server(
    folder: Path, lines: Lines, output: Output, report: Report, *, server: str, settings: Settings
) -> Batch:
    """Run the batch on a server and write its results; return its final state."""
    with connect(server, settings) as client:
        remote = RemoteBatch(client, folder, say)
        remote.send(lines)
        batch = remote.follow(report)
        output.write(remote.results(), remote.errors())
    return batch
