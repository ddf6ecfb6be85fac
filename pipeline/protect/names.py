"""Names that a model would translate: people named with ordinary words."""

from collections.abc import Iterator

from pipeline.checks.people import people
from pipeline.protect.spans import How, Protected


def names(text: str, source: str) -> Iterator[Protected]:
    """The names of a text that come back as they are."""
    for span in people(text, source):
        name = text[slice(*span)]
        yield Protected(span, How.NAME, name)
