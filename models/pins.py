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


def read_pins(models_dir: Path) -> dict[str, Pin]:
    """The pins by the models' ids; none where nothing was pinned. Raises CatalogueError."""
    path = models_dir / FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {model_id: Pin(**table) for model_id, table in tables.items()}
    except FileNotFoundError:
        return {}
    except (OSError, TypeError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"{path} cannot be read ({error}): remove it and pin again."
        ) from error


def write_pin(models_dir: Path, model_id: str, pin: Pin) -> Path:
    """Set the model's pin; the file, which is replaced as a whole."""
    pins = {**read_pins(models_dir), model_id: pin}
    path = models_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"[{json.dumps(key)}]\n{value.toml()}" for key, value in sorted(pins.items())]
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text("# Written by `dragoman models pin`.\n\n" + "\n".join(lines), "utf-8")
    return unfinished.replace(path)
