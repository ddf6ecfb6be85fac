"""Terminal output: progress bars, tables, and the sentences to check."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from cli.comparison import Figures
from models.catalogue import Catalogue
from pipeline.results import FurnitureLine, SummarySentence, TranslatedSegment
from service.batches.batch import Batch
from service.jobs.keys import Key

err = Console(stderr=True, highlight=False)


def say(message: str, style: str = "") -> None:
    """Print a line on stderr, without markup."""
    err.print(message, style=style, markup=False, soft_wrap=True)


def be_quiet(quiet: bool) -> None:
    """Print no notes and no progress from here on; an error that ends the command is printed."""
    err.quiet = quiet


def progress_bars(*columns: ProgressColumn) -> Progress:
    """Progress bars on stderr; disabled where stderr is not a terminal."""
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


@contextmanager
def segment_bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar, and the function that reports segments done and in total."""
    columns = (TextColumn("segments"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with progress_bars(*columns) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def download_bars() -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar per file, and the function that reports a file's name, bytes done and in total."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with progress_bars(*columns) as downloads:
        tasks: dict[str, TaskID] = {}

        def report(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = downloads.add_task(name)
            downloads.update(tasks[name], completed=done, total=total)

        yield report


def show_models(catalogue: Catalogue) -> None:
    """Print the models, with a fix for each that cannot be used."""
    table = Table("model", "task", "from", "to", "engine", "licence", "status", box=None)
    for model in catalogue.models:
        refusal = catalogue.refusal(model)
        table.add_row(
            model.id,
            model.task,
            _languages(model.source, if_none="any"),
            _languages(model.target, if_none="same"),
            model.engine,
            model.licence,
            f"needs: {refusal.fix}" if refusal else "ready",
        )
    _show(table)


def show_figures(figures: Sequence[Figures]) -> None:
    """Print the comparison of models; flags, errors and unknown words are for a hundred lines."""
    table = Table(box=None)
    for name in (
        "model", "BLEU", "chrF", "agreement", "flags", "errors", "unknown words", "lines/s", "MiB",
    ):  # fmt: skip
        table.add_column(name, justify="left" if name == "model" else "right")
    for one in figures:
        rates = (one.flags, one.errors, one.unknown_words, one.lines_per_second)
        table.add_row(
            one.model,
            *("" if s is None else f"{s:.1f}" for s in (one.bleu, one.chrf, one.agreement)),
            *(f"{rate:.1f}" for rate in rates),
            str(one.memory),
        )
    _show(table)


def _languages(codes: Sequence[str], if_none: str) -> str:
    return " ".join(codes) or if_none if len(codes) < 8 else f"{len(codes)} languages"


def show_keys(keys: Iterable[Key]) -> None:
    """Print API keys with their clients, scopes and limits."""
    table = Table("id", "client", "scopes", "limits", "created", "revoked", box=None)
    for key in keys:
        limits = key.limits.model_dump(exclude_none=True)
        table.add_row(
            key.id,
            key.client,
            " ".join(sorted(key.scopes)),
            ", ".join(f"{name.replace('_', ' ')} {limit:,}" for name, limit in limits.items()),
            f"{key.created_at:%Y-%m-%d}",
            f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else "",
        )
    _show(table)


def show_batches(batches: Iterable[Batch]) -> None:
    """Print batches with what is done of them."""
    table = Table("id", "state", "done", "failed", "rejected", "created", "left", box=None)
    for batch in batches:
        counts = batch.counts
        table.add_row(
            batch.id,
            batch.state,
            f"{counts.done:,} of {counts.total:,}",
            f"{counts.failed:,}",
            f"{counts.rejected:,}",
            f"{batch.created_at:%Y-%m-%d %H:%M}",
            "" if batch.seconds_left is None else clock(batch.seconds_left),
        )
    _show(table)


def clock(seconds: float) -> str:
    """A time span as hours, minutes and seconds."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _show(table: Table) -> None:
    # A pipe has no width, and nothing may be cut for it.
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


def list_boilerplate(furniture: Sequence[FurnitureLine], *, kept: bool = False) -> None:
    """Print the lines of page boilerplate, which were left out or kept untranslated."""
    if furniture:
        lines = ", ".join(f"“{line.text}”" for line in furniture)
        say(f"{'kept' if kept else 'left out'} as page boilerplate: {lines}")


def report_flags(sentences: Sequence[TranslatedSegment | SummarySentence]) -> bool:
    """Print the flagged sentences with their flags; return whether there are any.

    Sentences with an error come first, then those that have only warnings, as hints.
    """
    flagged = [sentence for sentence in sentences if sentence.flags]
    wrong = [s for s in flagged if any(flag.severity == "error" for flag in s.flags)]
    for sentence in [*wrong, *(s for s in flagged if s not in wrong)]:
        pair = (
            (sentence.source_text, sentence.text)
            if isinstance(sentence, SummarySentence)
            else (sentence.source, sentence.target)
        )
        say(("check: " if sentence in wrong else "hint: ") + " → ".join(pair))
        for flag in sentence.flags:
            say(f"  {flag.severity}: {flag.message} ({flag.code})")
    return bool(flagged)
