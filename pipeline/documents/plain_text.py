"""The format of a plain text: one field, its blocks found by their shape."""

from pipeline.documents.blocks import find_blocks, keep_some_story
from pipeline.documents.document import Document


def parse_text(text: str) -> Document:
    """The text as the field `text`, with title and deck where it has them."""
    blocks = find_blocks("text", text, may_have_title=True)
    return Document("text", {"text": text}, tuple(keep_some_story(blocks)))
