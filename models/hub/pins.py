"""Pins: the commits chosen by `dragoman models pin`, kept in the folder of the fetched models.

`pins.toml` has one table per model, named by its id. Copy it to another machine, or its lines into a
catalogue, to fetch the same commits there.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import CatalogueError

PINS_FILE = "pins.toml"


@dataclass(frozen=True, slots=True)
class Pin:
    """A commit of a repository on the hub, and the hashes that the hub reports for its large files."""

    repo: str
    revision: str
    sha256: Mapping[str, str] = field(default_factory=dict)

    def toml(self) -> str:
        """Return the fields as lines of a catalogue file."""
        hashes = ", ".join(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in self.sha256.items())
        return (
            f"repo = {json.dumps(self.repo)}\nrevision = {json.dumps(self.revision)}\n"
            f"sha256 = {{{hashes}}}\n"
        )


class Pins:
    """The current pins of a folder, which other processes may change."""

    def __init__(self, models_dir: Path) -> None:
        """Read the pins of this folder when first needed, and again whenever the file has changed."""
        self._path = models_dir / PINS_FILE
        self._read_at: int | None = None
        self._pins: Mapping[str, Pin] = {}

    def current(self) -> Mapping[str, Pin]:
        """Return the pins by model id, the same object until they change; raise CatalogueError."""
        changed = self._path.stat().st_mtime_ns if self._path.exists() else None
        if changed != self._read_at:
            self._pins, self._read_at = _read(self._path) if changed else {}, changed
        return self._pins


def write_pin(models_dir: Path, model_id: str, pin: Pin) -> Path:
    """Set a model's pin and return the file, which is replaced atomically."""
    path = models_dir / PINS_FILE
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
            f"{path} cannot be read ({error}): remove it and pin the models again."
        ) from error
