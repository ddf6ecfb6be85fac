"""Who says what stands in quotation marks: the name beside a verb of saying."""

from collections.abc import Sequence

from workers.checks.facts import Fact, Span
from workers.checks.words import Word

_SAYS = {
    "en": "said says say told tells added adds explained explains announced claimed stated insisted wrote "
    "warned replied asked recalled concluded",
    "es": "dijo dice decía afirmó afirma añadió añade agregó explicó explica señaló señala anunció aseguró "
    "declaró insistió escribió advirtió respondió preguntó recordó concluyó comentó indicó",
}
_NOT_AFTER = ("of", "from", "to", "for", "at", "de", "del", "a", "al", "en")
"""What stands before the speaker's house, or the one who is spoken to."""
_REACH = 4
"""Words between the verb and the name: "dijo el portavoz del Gobierno, ..."."""


def speaker(
    text: str,
    words: Sequence[Word],
    names: Sequence[Fact],
    quotes: Sequence[Fact],
    language: str,
) -> list[Fact]:
    """The names, one after another, of the one who speaks; none where it is not clear.

    It is clear where one verb of saying stands outside of the quotations and a name beside it: before it, or
    after it where the verb comes right after a quotation.
    """
    says = _SAYS.get(language, "").split()
    if not quotes:
        return []
    verbs = [
        place
        for place, word in enumerate(words)
        if word.lower in says
        and not any(q.span.start < word.span.start < q.span.end for q in quotes)
    ]
    if len(verbs) != 1:
        return []
    (verb,) = verbs
    span = words[verb].span
    follows = any(text[q.span.end : span.start].strip(" ,.—–-") == "" for q in quotes)
    runs = [
        run
        for run in _runs(text, [name for name in names if not _inside(name, quotes)])
        if not text[: run[0].span.start].rstrip().endswith(tuple(f" {w}" for w in _NOT_AFTER))
    ]
    if follows:
        reached = words[min(verb + _REACH, len(words) - 1)].span.end
        after = [run for run in runs if span.end < run[0].span.start < reached]
        if after and not set(text[span.end : after[0][0].span.start]) & set(",;:.()"):
            return after[0]
    before = [run for run in runs if text[run[-1].span.end : span.start] == " "]
    return before[0] if before else []


def _runs(text: str, names: Sequence[Fact]) -> list[list[Fact]]:
    runs: list[list[Fact]] = []
    for name in names:
        if runs and text[runs[-1][-1].span.end : name.span.start] == " ":
            runs[-1].append(name)
        else:
            runs.append([name])
    return runs


def _inside(name: Fact, quotes: Sequence[Fact]) -> bool:
    return any(quote.span.start < name.span.start < quote.span.end for quote in quotes)


def whole(names: Sequence[Fact]) -> Span:
    """The place of names that follow on each other."""
    return Span(names[0].span.start, names[-1].span.end)
