"""The format of an article given as fields: `title`, `deck` and `body`."""

from collections.abc import Mapping

from pipeline.documents.blocks import find_blocks, keep_some_story
from pipeline.documents.document import Block, BlockKind, Document
from pipeline.documents.wrapping import lines_of, unwrapped
from pipeline.normalise import normalise


def parse_article(fields: Mapping[str, str]) -> Document:
    """Parse the fields; each block of a title or a deck has the kind of its field."""
    blocks: list[Block] = []
    reads = {field: unwrapped(normalise(text)) for field, text in fields.items()}
    for field, read in reads.items():
        if field == "body":
            blocks += find_blocks(field, read.text, may_have_title=False)
        else:
            kind = BlockKind(field)
            blocks += [Block(kind, field, start, end) for start, end in lines_of(read.text)]
    texts = {field: read.text for field, read in reads.items()}
    return Document("article", texts, tuple(keep_some_story(blocks)), reads=reads)
