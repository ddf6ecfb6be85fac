"""The sentences of a batch that an editor should look at, as a table."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cli.batches.tables import table_writer

COLUMNS = ("custom_id", "sentence", "severity", "source", "target", "reason", "codes")


class Review:
    """Collects the flagged sentences of results, and counts all of them."""

    def __init__(self, path: Path) -> None:
        """`path` is the table, which is written if a sentence is flagged."""
        self.path = path
        self.sentences = 0
        self.flagged = 0

    @contextmanager
    def reading(self, results: Iterable[bytes]) -> Iterator[Iterator[bytes]]:
        """Give the results unchanged; at the end, the table has the flagged sentences in those read."""
        part = self.path.with_name(self.path.name + ".part")
        with part.open("wb") as file, table_writer(file, COLUMNS) as table:

            def read() -> Iterator[bytes]:
                for line in results:
                    table.writerows(self._rows(json.loads(line)))
                    yield line

            yield read()
        if self.flagged:
            part.replace(self.path)
        else:
            part.unlink()

    def _rows(self, line: dict[str, Any]) -> Iterator[dict[str, Any]]:
        result = line.get("result", {})
        for number, sentence in enumerate(result.get("segments") or result.get("sentences", []), 1):
            self.sentences += 1
            flags = sentence["flags"]
            if not flags:
                continue
            self.flagged += 1
            is_error = any(flag["severity"] == "error" for flag in flags)
            yield {
                "custom_id": line["custom_id"],
                "sentence": number,
                "severity": "error" if is_error else "warning",
                "source": sentence["source_text"]
                if "source_text" in sentence
                else sentence["source"],
                "target": sentence["text"] if "source_text" in sentence else sentence["target"],
                "reason": " ".join(flag["message"] for flag in flags),
                "codes": " ".join(flag["code"] for flag in flags),
            }
