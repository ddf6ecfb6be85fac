"""The speaker of a quotation: the name next to a verb of saying."""

from collections.abc import Sequence

from pipeline.checks.facts import Fact
from pipeline.checks.names import runs
from pipeline.checks.words import Word
from pipeline.spans import Span

_SAYS = {
    language: frozenset(verbs.split())
    for language, verbs in (
        ("en", "said says say told tells added adds explained explains announced claimed stated insisted "
         "wrote warned replied asked recalled concluded"),
        ("es", "dijo dice decía afirmó afirma añadió añade agregó explicó explica señaló señala anunció "
         "aseguró declaró insistió escribió advirtió respondió preguntó recordó concluyó comentó indicó"),
    )
}  # fmt: skip
_NOT_AFTER = (" of", " from", " to", " for", " at", " de", " del", " a", " al", " en")
"""Prepositions before a name that is the speaker's organisation or the person addressed."""
_REACH = 4
"""Maximum words between the verb and the name: "dijo el portavoz del Gobierno, ..."."""


def speaker(
    text: str,
    words: Sequence[Word],
    names: Sequence[Fact],
    quotes: Sequence[Fact],
    language: str,
) -> list[Fact]:
    """The names of the speaker, in order; none if the speaker is unclear.

    The speaker is clear if there is one verb of saying outside the quotations and a name next to it:
    before the verb, or after it if the verb directly follows a quotation.
    """
    says = _SAYS.get(language, frozenset())
    verbs = [
        (word, place)
        for place, word in enumerate(words)
        if quotes and word.lower in says and not _is_quoted(word.span, quotes)
    ]
    if len(verbs) != 1:
        return []
    ((verb, place),) = verbs
    start, end = verb.span
    speakers = [
        run
        for run in runs(text, [name for name in names if not _is_quoted(name.span, quotes)])
        if not text[: run[0].span.start].rstrip().endswith(_NOT_AFTER)
    ]
    if any(text[quote.span.end : start].strip(" ,.—–-") == "" for quote in quotes):
        reached = words[min(place + _REACH, len(words) - 1)].span.end
        after = [run for run in speakers if end < run[0].span.start < reached]
        if after and not set(text[end : after[0][0].span.start]) & set(",;:.()"):
            return after[0]
    return next((run for run in speakers if text[run[-1].span.end : start] == " "), [])


def _is_quoted(span: Span, quotes: Sequence[Fact]) -> bool:
    return any(quote.span.start < span.start < quote.span.end for quote in quotes)
