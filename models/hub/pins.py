"""The commits that `dragoman models pin` has found, kept beside the models that are fetched by them.

`pins.toml` holds one table a model, named by its id. It may be copied to another machine, or its lines
into a catalogue, so that all fetch the same.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import CatalogueError

FILE = "pins.toml"


@dataclass(frozen=True, slots=True)
class Pin:
    """A commit of a repo on the hub, and the hashes that the hub told of its large files."""

    repo: str
    revision: str
    sha256: Mapping[str, str] = field(default_factory=dict)

    def toml(self) -> str:
        """The fields as lines of a catalogue."""
        hashes = ", ".join(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in self.sha256.items())
        return (
            f"repo = {json.dumps(self.repo)}\nrevision = {json.dumps(self.revision)}\n"
            f"sha256 = {{{hashes}}}\n"
        )


class Pins:
    """The pins of a folder, as they are now: another process may write them."""

    def __init__(self, models_dir: Path) -> None:
        """They are read when first asked for, and again when the file has changed."""
        self._path = models_dir / FILE
        self._read_at: int | None = None
        self._pins: Mapping[str, Pin] = {}

    def current(self) -> Mapping[str, Pin]:
        """By the models' ids; the same object until they change. Raises CatalogueError."""
        changed = self._path.stat().st_mtime_ns if self._path.exists() else None
        if changed != self._read_at:
            self._pins, self._read_at = _read(self._path) if changed else {}, changed
        return self._pins


def write_pin(models_dir: Path, model_id: str, pin: Pin) -> Path:
    """Set the model's pin; the file, which is replaced as a whole."""
    path = models_dir / FILE
    pins = {**(_read(path) if path.exists() else {}), model_id: pin}
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"[{json.dumps(key)}]\n{value.toml()}" for key, value in sorted(pins.items())]
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text("# Written by `dragoman models pin`.\n\n" + "\n".join(lines), "utf-8")
    return unfinished.replace(path)


def _read(path: Path) -> dict[str, Pin]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {model_id: Pin(**table) for model_id, table in tables.items()}
    except (OSError, TypeError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"{path} cannot be read ({error}): remove it and pin again."
        ) from error
