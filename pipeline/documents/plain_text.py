"""The format of a plain text: one field, its blocks found by their shape."""

from pipeline.documents.blocks import find_blocks, keep_some_story
from pipeline.documents.document import Document
from pipeline.documents.wrapping import unwrapped
from pipeline.normalise import normalise


def parse_text(text: str, *, keep_lines: bool = False) -> Document:
    """The text as the field `text`, with title and deck where it has them.

    With `keep_lines` no line is joined with the next, however it looks.
    """
    read = normalise(text) if keep_lines else unwrapped(normalise(text))
    blocks = find_blocks("text", read.text, may_have_title=True)
    return Document(
        "text", {"text": read.text}, tuple(keep_some_story(blocks)), reads={"text": read}
    )
