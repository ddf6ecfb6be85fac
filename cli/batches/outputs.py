"""Write the results of `dragoman batch run` to a JSONL file, a CSV file or a folder."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pipeline.documents.file_types import to_bytes
from service.errors import InvalidRequest

COLUMNS = ("custom_id", "status", "text", "title", "deck", "body", "error")


class Output:
    """The output of a batch: `FILE.jsonl`, `FILE.csv`, or a folder.

    Raises InvalidRequest if the results are there already.
    """

    def __init__(self, path: Path, *, files: bool) -> None:
        """With `files`, a folder gets each result in a file of its own, named by its custom_id."""
        self._is_folder = path.suffix.lower() not in {".jsonl", ".csv"}
        self._path = path
        self._has_files = files and self._is_folder
        self.results = path / "results.jsonl" if self._is_folder else path
        self.errors = (
            path / "errors.jsonl" if self._is_folder else path.with_suffix(".errors.jsonl")
        )
        if self.results.exists():
            raise InvalidRequest(
                f"{self.results} already exists: remove it, or give another --out."
            )

    def write(self, results: Iterable[bytes], errors: Iterable[bytes]) -> None:
        """Write results and errors. A file appears once it is complete; no errors, no error file."""
        self.results.parent.mkdir(parents=True, exist_ok=True)
        with _atomically(self.errors) as file:
            file.writelines(errors)
        if not self.errors.stat().st_size:
            self.errors.unlink()
        with _atomically(self.results) as file:
            lines = self._with_files(results) if self._has_files else results
            if self.results.suffix.lower() == ".csv":
                _write_csv(file, lines)
            else:
                file.writelines(lines)

    def _with_files(self, results: Iterable[bytes]) -> Iterator[bytes]:
        for line in results:
            fields = json.loads(line)
            if fields["status"] == "succeeded":
                path = self._path / _name(fields)
                path.parent.mkdir(parents=True, exist_ok=True)
                with _atomically(path) as file:
                    file.write(_data(fields["result"]))
            yield line


def _name(fields: dict[str, Any]) -> str:
    """The name of a result's file: that of its input, which is a text where the result is one."""
    name: str = fields["custom_id"]
    is_text = fields["result"].get("document") is None
    return name if not is_text or name.endswith(".txt") else f"{name}.txt"


def _data(result: dict[str, Any]) -> bytes:
    """The translated document, or the text of a summary or a translation."""
    if result.get("document") is not None:
        return to_bytes(result["document"], result["format"])
    text: str = result["text"]
    return text.encode()


@contextmanager
def _atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file for writing, and rename it to the path when it is complete."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        yield file
    os.replace(part, path)


def _write_csv(file: IO[bytes], lines: Iterable[bytes]) -> None:
    # With a byte order mark: without it, spreadsheets assume their own code page.
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    rows = csv.DictWriter(text, COLUMNS)
    rows.writeheader()
    rows.writerows(map(_row, lines))
    text.detach()


def _row(line: bytes) -> dict[str, Any]:
    fields = json.loads(line)
    result = fields.get("result", {})
    return {
        "custom_id": fields["custom_id"],
        "status": fields["status"],
        "text": result.get("text"),
        **(result.get("article") or {}),
        "error": fields.get("error", {}).get("detail"),
    }
