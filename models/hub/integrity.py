"""Whether a model's files are what they were. `SHA256SUMS` is in the format of `sha256sum`."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from models.errors import ModelUnavailable

HASHES = "SHA256SUMS"


def verify(folder: Path, known: Mapping[str, str] | None = None) -> int:
    """Check the folder's files against their hashes: its `SHA256SUMS`, and those `known` by name.

    The number of files that have a hash; none in a folder of the user's own without any. Raises
    ModelUnavailable, naming the file.
    """
    if not folder.is_dir():
        raise ModelUnavailable(f"The model's folder {folder} is not there.")
    wanted = hashes(folder, known)
    for name, digest in wanted.items():
        path = folder / name
        if not sound(path, digest):
            fault = "damaged" if path.is_file() else "missing"
            raise ModelUnavailable(f"The model's file {path} is {fault}: fetch it again.")
    return len(wanted)


def hashes(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The hashes that the folder's files are to have, by name; `known` ones count before its own."""
    path = folder / HASHES
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    own = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return own | dict(known or {})


def sound(path: Path, digest: str) -> bool:
    """Whether the file is there and has this hash."""
    return path.is_file() and sha256(path) == digest


def write_hashes(folder: Path, hashes: Mapping[str, str]) -> None:
    """Write the folder's `SHA256SUMS`."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(hashes.items())]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8")


def sha256(path: Path) -> str:
    """The file's hash, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
