"""Names that a model would translate: people with ordinary words as names, places with a Spanish article."""

import re
from collections.abc import Iterator

from pipeline.checks.lexicon import places
from pipeline.checks.people import people
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_WITH_ARTICLE = re.compile(
    r"(?<=[a-záéíóúñ,] )(?:La|Las|Los|El) [A-ZÁÉÍÓÚÑ][a-záéíóúüñ]+(?! (?:de|del) | [A-ZÁÉÍÓÚÑ])"
)
"""A name that begins with an article, inside a sentence: "en La Rioja", "de Los Ángeles"."""

_OFFICE_AFTER = re.compile(r" (?:MP|MEP|MSP|QC|KC)(?= [a-z])")
"""An office that follows a name without a comma: "Bill Cash MP said"."""


def names(text: str, source: str, target: str) -> Iterator[Protected]:
    """Find the names in a text that are kept unchanged."""
    for span in people(text, source):
        name = text[slice(*span)]
        yield Protected(span, How.NAME, name)
        if source == "en" and (office := _OFFICE_AFTER.match(text, span.end)):
            yield Protected(Span(*office.span()), How.WORDING, "", f",{office[0]},")
    if source == "es" and target == "en":
        for match in _WITH_ARTICLE.finditer(text):
            place = places(source, target).get(match[0], match[0])
            yield Protected(Span(*match.span()), How.NAME, place)
