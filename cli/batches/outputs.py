"""Write the results of `dragoman batch run` to a JSONL file, a CSV file or a folder."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cli.batches.review import Review
from cli.batches.tables import Row, write_joined, write_results
from pipeline.documents.file_types import to_bytes
from service.errors import InvalidRequest


class Output:
    """The output of a batch: `FILE.jsonl`, `FILE.csv`, or a folder.

    Raises InvalidRequest if the results are there already.
    """

    def __init__(
        self, path: Path, *, files: bool, rows: Callable[[], Iterable[Row]] | None = None
    ) -> None:
        """With `files`, a folder gets each result in a file of its own, named by its custom_id.

        `rows` reads the rows of the input, if that is a table.
        """
        self._rows = rows
        self._is_folder = path.suffix.lower() not in {".jsonl", ".csv"}
        self._path = path
        self._has_files = files and self._is_folder
        self.results = path / "results.jsonl" if self._is_folder else path
        self.errors = (
            path / "errors.jsonl" if self._is_folder else path.with_suffix(".errors.jsonl")
        )
        self.review = Review(
            path / "review.csv" if self._is_folder else path.with_suffix(".review.csv")
        )
        if self.results.exists():
            raise InvalidRequest(
                f"{self.results} already exists: remove it, or give another --out."
            )

    def write(self, results: Iterable[bytes], errors: Iterable[bytes]) -> None:
        """Write results, errors and sentences to review. A file appears once it is complete.

        No errors, no file of errors; and no file of sentences to review if none is flagged.
        """
        self.results.parent.mkdir(parents=True, exist_ok=True)
        with _atomically(self.errors) as file:
            file.writelines(errors)
        rejected = self._rejected()
        if not self.errors.stat().st_size:
            self.errors.unlink()
        with _atomically(self.results) as file, self.review.reading(results) as lines:
            if self._has_files:
                lines = self._with_files(lines)
            if self.results.suffix.lower() != ".csv":
                file.writelines(lines)
            elif self._rows is None:
                write_results(file, lines)
            else:
                write_joined(file, lines, rejected, self._rows)

    def _rejected(self) -> dict[int, str]:
        """The reasons of the lines that were rejected, by number."""
        with self.errors.open("rb") as file:
            errors = map(json.loads, file)
            return {
                one["line"]: one["error"]["detail"] for one in errors if one["status"] == "rejected"
            }

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
