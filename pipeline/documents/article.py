"""The format of an article given as fields: `title`, `deck` and `body`."""

from collections.abc import Mapping

from pipeline.documents.blocks import find_blocks, keep_some_story, paragraph_spans
from pipeline.documents.document import Block, BlockKind, Document


def parse_article(fields: Mapping[str, str]) -> Document:
    """The fields as they are; each block of a title or a deck has its field's kind."""
    blocks: list[Block] = []
    for field, text in fields.items():
        if field == "body":
            blocks += find_blocks(field, text, may_have_title=False)
        else:
            kind = BlockKind(field)
            blocks += [Block(kind, field, start, end) for start, end in paragraph_spans(text)]
    return Document("article", dict(fields), tuple(keep_some_story(blocks)))
