"""New files from blocks of text, for texts that did not come as a file of their format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import groupby

from pipeline.documents.document import BlockKind


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of text, and what it is."""

    kind: BlockKind
    text: str


def to_html(blocks: Sequence[TextBlock], language: str) -> bytes:
    """Return the blocks as a page; the class of a paragraph that is not plain says what it is."""
    lines = []
    for is_list, run in groupby(blocks, _is_item):
        if is_list:
            items = "\n".join(f"<li>{escape(block.text, quote=False)}</li>" for block in run)
            lines.append(f"<ul>\n{items}\n</ul>")
        else:
            lines += [_element(block) for block in run]
    title = next((block.text for block in blocks if block.kind in _HEADINGS), blocks[0].text)
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title, quote=False)}</title>\n</head>\n<body>\n"
    )
    return (page + "\n".join(lines) + "\n</body>\n</html>\n").encode()


def to_docx(blocks: Sequence[TextBlock], language: str) -> bytes:
    """Return the blocks as a Word document, in Word's own styles."""
    import docx  # it takes long to import, and few need it

    document = docx.Document()
    document.core_properties.language = language
    for block in blocks:
        document.add_paragraph(block.text, style=_DOCX_STYLES.get(block.kind))
    return _saved(document.save)


def with_paragraph(docx_file: bytes, text: str) -> bytes:
    """Return a Word document with a paragraph more at its end."""
    import docx

    document = docx.Document(BytesIO(docx_file))
    document.add_paragraph(text)
    return _saved(document.save)


NEW_FILES: Mapping[str, tuple[Callable[[Sequence[TextBlock], str], bytes], str]] = {
    "html": (to_html, "text/html"),
    "docx": (
        to_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
"""How each format is written, and its media type."""

_HEADINGS: Mapping[BlockKind, str] = {BlockKind.TITLE: "h1", BlockKind.HEADING: "h2"}
_DOCX_STYLES: Mapping[BlockKind, str] = {
    BlockKind.TITLE: "Title",
    BlockKind.DECK: "Subtitle",
    BlockKind.HEADING: "Heading 2",
    BlockKind.LIST_ITEM: "List Bullet",
    BlockKind.CAPTION: "Caption",
}


def _is_item(block: TextBlock) -> bool:
    return block.kind is BlockKind.LIST_ITEM


def _element(block: TextBlock) -> str:
    tag = _HEADINGS.get(block.kind, "p")
    plain = tag != "p" or block.kind is BlockKind.PARAGRAPH
    kind = "" if plain else f' class="{block.kind.value.replace(" ", "-")}"'
    return f"<{tag}{kind}>{escape(block.text, quote=False)}</{tag}>"


def _saved(save: Callable[[BytesIO], None]) -> bytes:
    file = BytesIO()
    save(file)
    return file.getvalue()
