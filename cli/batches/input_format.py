"""The formats of a batch's input. `dragoman --help` imports this module, and not the parsers of documents."""

from enum import StrEnum
from pathlib import Path


class Format(StrEnum):
    """The format of an input."""

    JSONL = "jsonl"
    CSV = "csv"
    FOLDER = "folder"

    @classmethod
    def of(cls, path: Path) -> "Format":
        """The format that the path's name suggests."""
        if path.is_dir():
            return cls.FOLDER
        return cls.CSV if suffix(path) == ".csv" else cls.JSONL


def suffix(path: Path) -> str:
    """The extension of the file's name in lower case, without that of its compression."""
    suffixes = [one.lower() for one in path.suffixes if one.lower() != ".gz"]
    return suffixes[-1] if suffixes else ""
