"""What a batch would be, before it is run: its counts, and how long it would take here."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.batches.local import Lines, Work, local_batch
from cli.terminal import clock
from models.catalogue import Catalogue
from service.settings import Settings

SAMPLE_CHARACTERS = 2_000
"""The size of a sample, in characters: a second or two of work, if no text is longer."""


def estimate(
    lines: Lines, catalogue: Catalogue, settings: Settings, work: Work | None
) -> Iterator[str]:
    """Yield lines that describe the batch; with `work`, its first texts are processed to time it.

    Raises InvalidBatch if no line is valid.
    """
    small = settings.model_copy(update={"chunk_characters": SAMPLE_CHARACTERS})
    with (
        TemporaryDirectory(prefix="dragoman-") as folder,
        local_batch(Path(folder), lines, catalogue, small) as file,
    ):
        batch = file.view(0)
        counts = batch.counts
        yield (
            f"{counts.total:,} of {counts.total + counts.rejected:,} would be processed, "
            f"{counts.rejected:,} rejected; {batch.characters.total:,} characters"
        )
        for line in batch.rejected:
            yield f"line {line['line']} would be rejected: {line['error']['detail']}"
        if work is None:
            return
        rate = 0.0
        for chunk in islice(iter(file.take, None), 2):  # the first one loads the models
            before, started = file.view(0).characters.done, time.perf_counter()
            outcomes = work(file.requests(chunk))
            seconds = time.perf_counter() - started
            file.commit(chunk, outcomes, seconds)
            rate = (file.view(0).characters.done - before) / seconds
        yield (
            f"about {clock(batch.characters.total / rate)} in this process, at {rate:,.0f} characters "
            "a second, as measured on the first texts"
        )
