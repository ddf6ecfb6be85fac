"""Checking a model's files against their SHA-256 hashes, kept in a file as `sha256sum` writes it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from models.errors import ModelUnavailable

HASHES_FILE = "SHA256SUMS"


def verify(folder: Path, known: Mapping[str, str] | None = None) -> int:
    """Check the files of a folder against its `SHA256SUMS` and the `known` hashes by file name.

    Returns the number of files that have a hash: 0 for a folder of the user's own without hashes. Raises
    ModelUnavailable, which names the missing or damaged file.
    """
    if not folder.is_dir():
        raise ModelUnavailable(f"The model's folder {folder} does not exist.")
    expected = expected_hashes(folder, known)
    for name, digest in expected.items():
        path = folder / name
        if not has_hash(path, digest):
            fault = "damaged" if path.is_file() else "missing"
            raise ModelUnavailable(f"The model's file {path} is {fault}: fetch the model again.")
    return len(expected)


def expected_hashes(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the hashes of a folder's `SHA256SUMS` by file name; `known` hashes replace them.

    Raises ModelUnavailable where a name leads out of the folder: somebody else may have written it.
    """
    path = folder / HASHES_FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    hashes = listed | dict(known or {})
    for name in hashes:
        if Path(name).name != name or name in {"", ".."}:
            raise ModelUnavailable(
                f"{path} names a file outside of its folder ({name!r}). "
                "Delete the folder and fetch the model again."
            )
    return hashes


def has_hash(path: Path, digest: str) -> bool:
    """Return whether the file exists and has this hash."""
    return path.is_file() and sha256(path) == digest


def write_hashes(folder: Path, hashes: Mapping[str, str]) -> None:
    """Write the folder's `SHA256SUMS`."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(hashes.items())]
    (folder / HASHES_FILE).write_text("".join(lines), encoding="utf-8")


def sha256(path: Path) -> str:
    """Return the SHA-256 hash of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
