"""What the command line shows: bars while it works, tables, and the sentences to check."""

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

from models.catalogue import Catalogue
from pipeline.results import FurnitureLine, SummarySentence, TranslatedSegment
from service.jobs.keys import Key

err = Console(stderr=True, highlight=False)


def say(message: str, style: str = "") -> None:
    """A line on stderr, as it is."""
    err.print(message, style=style, markup=False, soft_wrap=True)


def bars(*columns: ProgressColumn) -> Progress:
    """Bars on stderr while the `with` lasts; none where that is no terminal."""
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


@contextmanager
def segment_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar that is told the segments done, and those there are."""
    columns = (TextColumn("segments"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with bars(*columns) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def download_bars() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar for each file, told its name, the bytes that are here, and all of them if known."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with bars(*columns) as downloads:
        tasks: dict[str, TaskID] = {}

        def report(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = downloads.add_task(name)
            downloads.update(tasks[name], completed=done, total=total)

        yield report


def show_models(catalogue: Catalogue) -> None:
    """A table of the models, and of what those need that cannot be used now."""
    table = Table("model", "task", "from", "to", "engine", "licence", "now", box=None)
    for model in catalogue.models:
        refusal = catalogue.refusal(model)
        table.add_row(
            model.id,
            model.task,
            _languages(model.source, "any"),
            _languages(model.target, "same"),
            model.engine,
            model.licence,
            f"needs: {refusal.fix}" if refusal else "ready",
        )
    _show(table)


def _languages(codes: Sequence[str], none: str) -> str:
    return " ".join(codes) or none if len(codes) < 8 else f"{len(codes)} languages"


def show_keys(keys: Iterable[Key]) -> None:
    """A table of keys: whose, and what they allow."""
    table = Table("id", "client", "scopes", "limits", "made", "revoked", box=None)
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


def _show(table: Table) -> None:
    # A pipe has no width: nothing is to be cut for it.
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(table)


def mention_furniture(furniture: Sequence[FurnitureLine]) -> None:
    """Say what was left out."""
    if furniture:
        lines = ", ".join(f"“{line.text}”" for line in furniture)
        say(f"left out as page furniture: {lines}")


def report_flags(sentences: Sequence[TranslatedSegment | SummarySentence]) -> bool:
    """Say which sentences to check, each with its reasons; whether there are any.

    Those with an error come first; those that have only warnings, which are hints, after them.
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
