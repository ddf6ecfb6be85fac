"""The demo: one article through the running stack, over HTTP."""

import time
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console
from rich.table import Table

from cli.stack import Stack, StackError

WAIT = {"Prefer": "wait=30"}


def show(stack: Stack, text: str, console: Console) -> None:
    """Translate the article twice, summarize it, and print the results.

    Raises StackError if a process of the stack dies or a job fails.
    """
    # No timeout: the first job waits until a worker has started and loaded the model.
    with httpx.Client(base_url=stack.address, timeout=None) as client:
        body = {"text": text, "source": "en", "target": "es"}
        first, cold = _ask(client, stack, "/v1/translations", body)
        _, warm = _ask(client, stack, "/v1/translations", body)
        summary, seconds = _ask(client, stack, "/v1/summaries", body)
    console.print(_article(first))
    console.print(_summary(summary))
    left_out = ", ".join(f"“{line['text']}”" for line in first["furniture"])
    if left_out:
        console.print(f"Left out as page boilerplate: {left_out}", markup=False)
    console.print(
        f"Translated in {cold:.1f} s (the first job waits for the worker to start and load its "
        f"model), again in {warm:.2f} s; summarized in {seconds:.2f} s; "
        f"{len(first['segments'])} sentences, through HTTP, Redis and Celery."
    )


def _ask(client: httpx.Client, stack: Stack, path: str, body: dict[str, str]) -> tuple[Any, float]:
    """The result of a job, and the seconds from the request to the result."""
    started = time.perf_counter()
    # A new key for each request: a repeated request would otherwise give the first job again.
    headers = {**WAIT, "Idempotency-Key": uuid4().hex}
    job = client.post(path, json=body, headers=headers).json()
    while job.get("state") in {"queued", "running"}:
        stack.check()
        job = client.get(f"/v1/jobs/{job['id']}", headers=WAIT).json()
    if job.get("state") != "succeeded":
        error = job.get("error") or job
        raise StackError(f"{path}: {error['title']}: {error['detail']}")
    return job["result"], time.perf_counter() - started


def _article(result: dict[str, Any]) -> Table:
    """A table of sentences and their translations, with a rule between paragraphs."""
    table = Table("English", "español", title="The article", expand=True)
    end = 0
    for segment in result["segments"]:
        start = segment["source_span"]["start"]
        if end and start - end > 1:
            table.add_section()
        table.add_row(segment["source"], segment["target"])
        end = segment["source_span"]["end"]
    return table


def _summary(result: dict[str, Any]) -> Table:
    table = Table("English", "español", title="Its summary", expand=True)
    for sentence in result["sentences"]:
        table.add_row(sentence["source_text"], sentence["text"])
    return table
