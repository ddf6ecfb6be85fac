"""The progress and the summary of a batch on the terminal."""

from collections.abc import Iterator

from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from cli.batches.outputs import Output
from cli.terminal import clock, progress_bars
from service.batches.batch import Batch


class BatchBar:
    """A progress bar with the items done, the rate and the time left."""

    def __init__(self) -> None:
        self._bar = progress_bars(
            BarColumn(),
            TextColumn("{task.fields[items]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self._task = self._bar.add_task("", total=None, items="reading", left="")

    def __enter__(self) -> "BatchBar":
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        self._bar.stop()

    def show(self, batch: Batch) -> None:
        """Show the state of the batch."""
        counts = batch.counts
        failed = f", {counts.failed} failed" if counts.failed else ""
        left = ""
        if batch.rate and batch.seconds_left is not None:
            left = f"{batch.rate:,.0f} characters/s, {clock(batch.seconds_left)} left"
        self._bar.update(
            self._task,
            completed=batch.characters.done,
            total=batch.characters.total,
            items=f"{counts.done + counts.failed:,} of {counts.total:,}{failed}",
            left=left,
        )


def summary_lines(batch: Batch, output: Output) -> Iterator[str]:
    """Lines that say how the batch ended and where its results are."""
    counts = batch.counts
    cached = f" ({counts.cached:,} of them repeated)" if counts.cached else ""
    yield (
        f"{counts.done:,} of {counts.total + counts.rejected:,} done{cached}, "
        f"{counts.failed:,} failed, {counts.rejected:,} rejected"
    )
    if batch.started_at and batch.finished_at:
        seconds = (batch.finished_at - batch.started_at).total_seconds()
        rate = batch.characters.done / max(seconds, 0.001)
        yield f"{batch.characters.done:,} characters in {clock(seconds)}, {rate:,.0f} a second"
    yield f"results: {output.results}"
    review = output.review
    if review.flagged:
        yield f"{review.flagged:,} of {review.sentences:,} sentences are flagged: {review.path}"
    if output.errors.exists():
        yield f"errors: {output.errors}"
