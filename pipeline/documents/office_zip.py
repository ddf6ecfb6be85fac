"""Office files as zip archives, within limits: nothing in them is run, and nothing is fetched."""

import base64
import binascii
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import InvalidDocument

MOST_PARTS = 5000
"""Parts of a file; a report with a thousand images has a thousand and some."""
MOST_BYTES = 128 * 1024 * 1024
"""Maximum bytes of all parts together, uncompressed: protects against zip bombs."""

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises for damaged files."""


@dataclass(frozen=True, slots=True)
class OfficeZip:
    """The bytes of an office file."""

    data: bytes

    @classmethod
    def of_base64(cls, document: str) -> "OfficeZip":
        """Read a file in base64. Raises InvalidDocument if it is not a zip file or is too large unpacked."""
        try:
            data = base64.b64decode(document, validate=True)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = archive.infolist()
        except (binascii.Error, *_FAULTS) as error:
            raise InvalidDocument(f"The document is not an office file: {error}.") from None
        if len(parts) > MOST_PARTS:
            raise InvalidDocument(f"The file has more than {MOST_PARTS} parts.")
        if sum(part.file_size for part in parts) > MOST_BYTES:
            raise InvalidDocument(f"The file has more than {MOST_BYTES} bytes uncompressed.")
        if len({part.filename for part in parts}) < len(parts):
            raise InvalidDocument("The file has two parts of the same name.")
        if any(part.flag_bits & 1 for part in parts):
            raise InvalidDocument("The file is encrypted: save it without a password.")
        if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
            raise InvalidDocument("The file has macros: save it without them.")
        file = cls(data)
        file.check()
        return file

    def check(self) -> None:
        """Read every part once. Raises InvalidDocument where one is damaged."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                damaged = archive.testzip()
        except _FAULTS as error:
            raise InvalidDocument(f"The file is damaged: {error}.") from None
        if damaged is not None:
            raise InvalidDocument(
                f"The file is damaged: its part {damaged} is not as it was saved."
            )

    def names(self) -> list[str]:
        """The names of the parts, in the file's order."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return archive.namelist()

    def texts(self, names: Iterator[str]) -> dict[str, str]:
        """Parts as texts; InvalidDocument where one is not UTF-8."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return {name: archive.read(name).decode("utf-8") for name in names}
        except UnicodeDecodeError:
            raise InvalidDocument("A part of the file is not UTF-8: save it again.") from None

    def with_parts(self, changed: Mapping[str, str]) -> str:
        """The file in base64 with some parts changed; the others are as they were, in the same order."""
        if not changed:
            return base64.b64encode(self.data).decode("ascii")
        output = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self.data)) as archive,
            zipfile.ZipFile(output, "w") as written,
        ):
            for part in archive.infolist():
                data = archive.read(part)
                if part.filename in changed:
                    data = changed[part.filename].encode("utf-8")
                written.writestr(part, data, part.compress_type)
        return base64.b64encode(output.getvalue()).decode("ascii")
