"""The files of each format: their names, their media types, and how they stand in a request.

The command line imports this module to read and write files, without the parsers of the formats.
"""

import base64
from dataclasses import dataclass

from pipeline.errors import InvalidDocument
from pipeline.requests import FileFormat


@dataclass(frozen=True, slots=True)
class FileType:
    """How the files of a format are recognised, and sent."""

    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    """The first is the media type of the translated file."""
    is_binary: bool = False
    """Whether a request carries it in base64."""


_OFFICE = "application/vnd.openxmlformats-officedocument"

FILE_TYPES: dict[FileFormat, FileType] = {
    "html": FileType((".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml")),
    "markdown": FileType((".md", ".markdown"), ("text/markdown", "text/x-markdown")),
    "srt": FileType((".srt",), ("application/x-subrip", "text/srt")),
    "vtt": FileType((".vtt",), ("text/vtt",)),
    "docx": FileType((".docx",), (f"{_OFFICE}.wordprocessingml.document",), is_binary=True),
    "pptx": FileType((".pptx",), (f"{_OFFICE}.presentationml.presentation",), is_binary=True),
    "odt": FileType((".odt",), ("application/vnd.oasis.opendocument.text",), is_binary=True),
    "xliff": FileType((".xlf", ".xliff"), ("application/xliff+xml",)),
    "po": FileType((".po", ".pot"), ("text/x-gettext-translation", "text/x-po")),
    "ninjs": FileType((".ninjs", ".ninjs.json"), ("application/vnd.iptc.g2.newsitem+json",)),
    "newsml": FileType(
        (".newsml", ".newsml.xml", ".g2.xml"),
        ("application/vnd.iptc.g2.newsitem+xml", "application/vnd.iptc.g2.newsmessage+xml"),
    ),
    # Last, because the names of some other formats end in `.xml` too.
    "xml": FileType((".xml",), ("application/xml", "text/xml")),
}


def format_of_name(name: str) -> FileFormat | None:
    """The format of a file by its extension; None if the extension is unknown."""
    named = (
        known
        for known, file_type in FILE_TYPES.items()
        if name.lower().endswith(file_type.extensions)
    )
    return next(named, None)


def format_of_media_type(content_type: str) -> FileFormat | None:
    """The format of a `Content-Type`; None if it is not supported."""
    media_type = content_type.partition(";")[0].strip().lower()
    named = (known for known, type_ in FILE_TYPES.items() if media_type in type_.media_types)
    return next(named, None)


def from_bytes(data: bytes, format_: FileFormat) -> str:
    """Convert a file to the text that a request carries. Raises InvalidDocument if it is not UTF-8."""
    if FILE_TYPES[format_].is_binary:
        return base64.b64encode(data).decode("ascii")
    return decoded(data)


def decoded(data: bytes) -> str:
    """Decode the text of a file. Raises InvalidDocument if it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            f"The document is not UTF-8 (byte {error.start}): convert it first."
        ) from None


def to_bytes(document: str, format_: FileFormat) -> bytes:
    """Convert a document of a request or a result to the bytes of a file."""
    if FILE_TYPES[format_].is_binary:
        return base64.b64decode(document)
    return document.encode("utf-8")
