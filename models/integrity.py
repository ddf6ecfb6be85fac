"""Whether a model's files are what they were."""

import hashlib
from pathlib import Path

from models.errors import ModelUnavailable

HASHES = "SHA256SUMS"


def verify(folder: Path) -> None:
    """Check the folder's files against its `SHA256SUMS`, in the format of `sha256sum`.

    Raises ModelUnavailable, naming the file. A folder without that list is the user's own: nothing
    to check.
    """
    if not folder.is_dir():
        raise ModelUnavailable(f"The model's folder {folder} is not there.")
    hashes = folder / HASHES
    if not hashes.exists():
        return
    for line in hashes.read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file():
            raise ModelUnavailable(f"The model's file {path} is missing: fetch it again.")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != wanted:
            raise ModelUnavailable(f"The model's file {path} is damaged: fetch it again.")
