"""A run of the command line over a whole input: what is done stays done, whatever stops it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from cli.batches.local import Lines, Work, local_batch, work_off
from cli.batches.outputs import Output
from cli.batches.remote import RemoteBatch
from cli.terminal import bars, say
from models.catalogue import Catalogue
from models.errors import DragomanError
from service.batches.batch import Batch
from service.batches.results import Order
from service.errors import InvalidRequest
from service.settings import Settings


@contextmanager
def run_folder(out: Path) -> Iterator[Path]:
    """The folder in which a run keeps what it needs to go on: `OUT.run`, removed at its end.

    It stays where something stops the run before. InvalidRequest where another run has it.
    """
    folder = out.with_name(out.name + ".run")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidRequest(f"Another run is at work on {out}.") from None
        try:
            yield folder
        except DragomanError:
            if [path.name for path in folder.iterdir()] == ["lock"]:
                shutil.rmtree(folder)  # there is nothing to go on with
            raise
        shutil.rmtree(folder)


def run_here(
    folder: Path,
    lines: Lines,
    output: Output,
    bar: "Bar",
    *,
    catalogue: Catalogue,
    work: Work,
    settings: Settings,
) -> Batch:
    """Do the work in this process; gives the batch as it ended."""
    with local_batch(folder, lines, catalogue, settings) as file:
        work_off(file, work, bar.show, settings)
        output.write(file.results.lines(Order.INPUT), file.results.errors())
        return file.view(settings.retention_seconds)


def run_there(
    folder: Path, lines: Lines, output: Output, bar: "Bar", *, server: str, settings: Settings
) -> Batch:
    """Have the work done at a server; gives the batch as it ended."""
    key = settings.api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as client:
        remote = RemoteBatch(client, folder, say)
        remote.send(lines)
        ended = remote.follow(bar.show)
        output.write(remote.results(), remote.errors())
    return ended


class Bar:
    """A batch on the terminal: a bar, the items, the rate, the time left."""

    def __init__(self) -> None:
        self._bar = bars(
            BarColumn(),
            TextColumn("{task.fields[items]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self._task = self._bar.add_task("", total=None, items="reading", left="")

    def __enter__(self) -> "Bar":
        """Show it."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away."""
        self._bar.stop()

    def show(self, batch: Batch) -> None:
        """Show how the batch stands."""
        counts = batch.counts
        failed = f", {counts.failed} failed" if counts.failed else ""
        left = ""
        if batch.rate and batch.seconds_left is not None:
            left = f"{batch.rate:,.0f} characters/s, {_clock(batch.seconds_left)} left"
        self._bar.update(
            self._task,
            completed=batch.characters.done,
            total=batch.characters.total,
            items=f"{counts.done + counts.failed:,} of {counts.total:,}{failed}",
            left=left,
        )


def told(batch: Batch, output: Output) -> Iterator[str]:
    """What became of it, in lines for a reader."""
    counts = batch.counts
    cached = f" ({counts.cached:,} as repeated)" if counts.cached else ""
    yield (
        f"{counts.done:,} of {counts.total:,} done{cached}, {counts.failed:,} failed, "
        f"{counts.rejected:,} {'line' if counts.rejected == 1 else 'lines'} rejected"
    )
    if batch.started_at and batch.finished_at:
        seconds = (batch.finished_at - batch.started_at).total_seconds()
        rate = batch.characters.done / max(seconds, 0.001)
        yield f"{batch.characters.done:,} characters in {_clock(seconds)}, {rate:,.0f} a second"
    yield f"results: {output.results}"
    if output.errors.exists():
        yield f"errors: {output.errors}"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
