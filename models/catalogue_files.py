"""Read and check catalogue files, and merge the user's into the built-in one."""

import json
import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.catalogue import Catalogue, ComputeType, Device, Model
from models.errors import CatalogueError
from models.file_lock import exclusive_lock
from models.toml_lines import find_line

BUILT_IN = Path(__file__).with_name("catalogue.toml")

ADDED_FILE = "added.toml"
"""The entries that `dragoman models add` has written, in the folder of the fetched models."""


def load_catalogue(
    extra: Path | None,
    models_dir: Path,
    *,
    allow_noncommercial: bool = False,
    device: Device = "auto",
    compute_type: ComputeType = "auto",
    hosts: Collection[str] = (),
) -> Catalogue:
    """Load the built-in catalogue, with the user's own merged into it.

    `extra` is a file or a folder of `*.toml` files. Its models come first, so they are preferred; then those
    that `dragoman models add` has added. An entry with the id of a built-in model replaces it. `models_dir`
    holds the models of the hub, their pins, and the added entries.
    `device` and `compute_type` apply to entries in which they are `auto`. `hosts` are those, besides this
    machine, whose servers may be sent texts.

    Raises CatalogueError, which names the file, the line and the fix.
    """
    own: dict[str, Model] = {}
    for path in _files(extra) if extra is not None else []:
        entries = _read(path)
        if repeated := own.keys() & entries.keys():
            line = find_line(path.read_text(encoding="utf-8"), min(repeated))
            raise CatalogueError(
                f"{path}, line {line}: {min(repeated)!r} is in another file too: rename one of them."
            )
        own |= entries
    added = _read(path) if (path := models_dir / ADDED_FILE).exists() else {}
    own |= {key: model for key, model in added.items() if key not in own}
    merged = own | {key: model for key, model in _read(BUILT_IN).items() if key not in own}
    models = {key: _with_defaults(model, device, compute_type) for key, model in merged.items()}
    return Catalogue(models, models_dir, allow_noncommercial=allow_noncommercial, hosts=hosts)


def _with_defaults(model: Model, device: Device, compute_type: ComputeType) -> Model:
    """Replace `auto` in an entry with the device and the type of the settings."""
    defaults = {
        name: value
        for name, value in (("device", device), ("compute_type", compute_type))
        if getattr(model, name) == "auto"
    }
    return model.model_copy(update=defaults)


def add_entry(models_dir: Path, model: Model) -> Path:
    """Add an entry to those of `dragoman models add`, replacing one of this id; return the file."""
    path = models_dir / ADDED_FILE
    with exclusive_lock(path.with_suffix(".lock")):
        entries = _read(path) if path.exists() else {}
        entries[model.id] = model
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(
            "# Written by `dragoman models add`.\n\n" + "\n".join(map(_as_toml, entries.values())),
            encoding="utf-8",
        )
        return unfinished.replace(path)


def _as_toml(model: Model) -> str:
    """Return the table of an entry, with what differs from the defaults."""
    given = model.model_dump(mode="json", exclude_defaults=True, exclude={"id", "folder", "engine"})
    if model.repo is None:
        given |= {"engine": model.engine, "folder": str(model.folder)}
    lines = [f"{name} = {_toml_value(value)}" for name, value in given.items()]
    return f"[{json.dumps(model.id)}]\n" + "\n".join(lines) + "\n"


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(k)} = {_toml_value(v)}" for k, v in value.items()) + "}"
        )
    return json.dumps(value, ensure_ascii=False)


def _files(extra: Path) -> list[Path]:
    if not extra.is_dir():
        return [extra]
    if files := sorted(extra.glob("*.toml")):
        return files
    raise CatalogueError(f"{extra} contains no *.toml file: check DRAGOMAN_CATALOGUE.")


def _read(path: Path) -> dict[str, Model]:
    try:
        text = path.read_text(encoding="utf-8")
        entries = tomllib.loads(text)
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror}: check DRAGOMAN_CATALOGUE.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} is not valid TOML: {error}") from error
    return {model_id: _entry(path, text, model_id, entry) for model_id, entry in entries.items()}


def _entry(path: Path, text: str, model_id: str, entry: Any) -> Model:
    if not isinstance(entry, dict):
        line = find_line(text, model_id)
        raise CatalogueError(
            f'{path}, line {line}: {model_id} is not a table: write ["{model_id}"] above it.'
        )
    try:
        model = Model.model_validate({**entry, "id": model_id})
    except ValidationError as error:
        first = error.errors()[0]
        names = [str(part) for part in first["loc"]]
        line = find_line(text, model_id, names[0] if names else None)
        where = f" {'.'.join(names)}" if names else ""
        raise CatalogueError(
            f'{path}, line {line}: ["{model_id}"]{where}: {_fix(first)}'
        ) from error
    return model.model_copy(
        update={
            name: (path.parent / given).resolve()
            for name, given in (("folder", model.folder), ("key_file", model.key_file))
            if given is not None
        }
    )


def _fix(error: ErrorDetails) -> str:
    """Describe the fix in terms of the file."""
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "missing":
        return f"is missing: write `{name} = …`."
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, Model.model_fields, 1)
        return "unknown field" + (f": did you mean `{near[0]}`?" if near else ".")
    if error["loc"][:1] in (("source",), ("target",)):
        return "write languages as `en` or `es`, in lower case and without a region."
    if name == "revision":
        return (
            "give the full commit of 40 hexadecimal digits, because a branch moves, "
            "or leave it out and run `dragoman models pin`."
        )
    return error["msg"].removeprefix("Value error, ") + "."
