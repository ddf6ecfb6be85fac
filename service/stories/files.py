"""A version as a file: in the format that its story came in, or as a new file."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from babel import Locale, UnknownLocaleError
from lxml import etree

from pipeline.documents.document import BlockKind
from pipeline.documents.new_files import NEW_FILES, TextBlock, with_paragraph
from pipeline.requests import FileFormat
from service.errors import InvalidRequest
from service.storage.tables import Revision, Segment, Version
from service.stories.views import texts_of

AnyFormat = FileFormat | Literal["txt"]
"""What a version can be written as, if it came so; else `txt`, `html`, `docx` or `xliff`."""

_XLIFF = "urn:oasis:names:tc:xliff:document:1.2"
_STATES = {"draft": "needs-review-translation", "edited": "translated", "approved": "final"}


def new_file(
    format_: AnyFormat,
    revision: Revision,
    version: Version,
    segments: Sequence[Segment],
    label: str | None,
) -> tuple[bytes, str]:
    """Return the version as a new file, with its media type; the label, if any, is its last paragraph.

    InvalidRequest where the format is not one of a new file.
    """
    if format_ == "txt":
        texts = [*texts_of(version, segments).values(), *([label] if label else [])]
        return "\n\n".join(text.strip("\n") for text in texts).encode() + b"\n", "text/plain"
    if format_ == "xliff":
        return _xliff(revision, version, segments, label), "application/xliff+xml"
    if format_ not in NEW_FILES:
        raise InvalidRequest(
            f"The story did not come as {format_}: it can be had as txt, html, docx or xliff, and in "
            "the format that it came in."
        )
    blocks = [*_blocks(segments)]
    if label:
        blocks.append(TextBlock(BlockKind.NOTE, label))
    write, media_type = NEW_FILES[format_]
    return write(blocks, version.target), media_type


def labelled(file: bytes, format_: FileFormat, label: str) -> bytes:
    """Return a file in the format that came in with a label at its end; InvalidRequest."""
    if format_ == "docx":
        return with_paragraph(file, label)
    if format_ == "html":
        head, body, tail = file.decode().rpartition("</body>")
        paragraph = f'<p class="note">{label}</p>\n'
        return (head + paragraph + body + tail if body else tail + "\n" + paragraph).encode()
    raise InvalidRequest(f"A file in {format_} has no place for a label: leave `label` out.")


def label_of(revision: Revision, version: Version, segments: Sequence[Segment]) -> str:
    """Return what a reader is told of how the version was made, in its language if that is Spanish."""
    language = "es" if version.target.split("-")[0] == "es" else "en"
    reviewed = sum(segment.state != "draft" for segment in segments)
    amount = "none" if not reviewed else "all" if reviewed == len(segments) else "some"
    return _LABELS[language, amount].format(_name_of(revision.source_language, language))


_LABELS = {
    ("es", "none"): "Este texto ha sido traducido del {} por una máquina.",
    ("es", "some"): "Este texto ha sido traducido del {} por una máquina y revisado en parte.",
    ("es", "all"): "Este texto ha sido traducido del {} por una máquina y revisado.",
    ("en", "none"): "This text was translated from {} by a machine.",
    ("en", "some"): "This text was translated from {} by a machine and reviewed in part.",
    ("en", "all"): "This text was translated from {} by a machine and reviewed.",
}


def _name_of(language: str, in_language: str) -> str:
    try:
        return Locale.parse(language, sep="-").get_language_name(in_language) or language
    except (UnknownLocaleError, ValueError):
        return language


def _blocks(segments: Sequence[Segment]) -> Iterator[TextBlock]:
    for _, rows in groupby(segments, lambda row: (row.field, row.block)):
        first, *others = rows
        text = (first.target or "") + "".join(f"{row.before}{row.target or ''}" for row in others)
        yield TextBlock(BlockKind(first.kind), " ".join(text.split()))


def _xliff(
    revision: Revision, version: Version, segments: Sequence[Segment], label: str | None
) -> bytes:
    root = etree.Element("xliff", nsmap={None: _XLIFF}, attrib={"version": "1.2"})
    languages = {"source-language": revision.source_language, "target-language": version.target}
    file = etree.SubElement(
        root, "file", {**languages, "original": "story", "datatype": "plaintext"}
    )
    if label:
        etree.SubElement(etree.SubElement(file, "header"), "note").text = label
    body = etree.SubElement(file, "body")
    for row in segments:
        approved = "yes" if row.state == "approved" else "no"
        unit = etree.SubElement(body, "trans-unit", id=str(row.position), approved=approved)
        etree.SubElement(unit, "source").text = row.source
        etree.SubElement(unit, "target", state=_STATES[row.state]).text = row.target
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
