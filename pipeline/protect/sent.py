"""A text as it is sent to a model: with stand-ins, in pieces around what is cut out, and restored later."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.protect.characters import characters
from pipeline.protect.literal import has_words, is_code, literal
from pipeline.protect.names import names
from pipeline.protect.phrases import known_phrases
from pipeline.protect.quantities import qualifies, quantities
from pipeline.protect.quotations import quotations
from pipeline.protect.spans import How, Protected, apart
from pipeline.protect.standins import POOLS, Standin, restored, sent
from pipeline.protect.wording import wording

_HYPHEN = " - "


@dataclass(frozen=True, slots=True)
class Sent:
    """The parts of a text in order, each with whether a model reads it. `whole` has no stand-ins."""

    text: str
    spans: tuple[Protected, ...]
    parts: tuple[tuple[str, bool], ...]
    standins: tuple[Standin, ...] = ()
    dashes: tuple[str, ...] = ()

    def restored(self, translation: str) -> str | None:
        """Restore what the stand-ins replaced; None unless each occurs as often as it was sent."""
        found = restored(translation, self.standins)
        return None if found is None else self._with_dashes(found)

    def _with_dashes(self, translation: str) -> str:
        """Restore the source's dashes in the translation if it has as many hyphens in their places."""
        parts = translation.split(_HYPHEN)
        if len(parts) != len(self.dashes) + 1:
            return translation
        return parts[0] + "".join(
            f" {dash} {part}" for dash, part in zip(self.dashes, parts[1:], strict=True)
        )

    def without_standins(self) -> "Sent":
        """The text for a model that loses stand-ins: reworded, or cut around spans that have no rewording."""
        return _prepared(self.text, [_without_standin(span) for span in self.spans])


def protect(text: str, source: str, target: str, unknown: frozenset[str]) -> Sent:
    """Prepare the text for a model; `unknown` are its characters that the model cannot read."""
    if is_code(text):
        return Sent(text, (), ((text, False),))
    spans = apart(_spans(text, source, target, unknown))
    return _prepared(text, spans)


def _spans(text: str, source: str, target: str, unknown: frozenset[str]) -> Iterator[Protected]:
    if source == target:  # for a summary model, which would write about the stand-ins
        yield from (span for span in literal(text) if span.how is How.CUT)
        return
    yield from quotations(text, source)
    yield from known_phrases(text, source, target)
    yield from literal(text)
    yield from quantities(text, source, target)
    yield from wording(text, source, unknown)
    yield from names(text, source, target)
    yield from characters(text, source, unknown)


def _without_standin(span: Protected) -> Protected:
    if span.how in (How.CUT, How.WORDING, How.DASH):
        return span
    return replace(
        span, how=How.CUT if span.rewording is None or span.how is How.AS_SAID else How.WORDING
    )


def _prepared(text: str, spans: list[Protected]) -> Sent:
    pieces: list[tuple[str, bool]] = []
    standins: list[Standin] = []
    left = {how: [one for one in pool if one not in text] for how, pool in POOLS.items()}
    read, place = "", 0
    for span in spans:
        read += text[place : span.span.start]
        place = span.span.end
        replacement = _replacement(text, span, left, standins)
        if replacement is not None:
            read += replacement
            continue
        pieces += _part(read)
        pieces.append((span.original, False))
        read = ""
    pieces += _part(read + text[place:])
    dashes = tuple(span.original for span in spans if span.how is How.DASH)
    return Sent(text, tuple(spans), tuple(pieces), tuple(standins), dashes)


def _replacement(
    text: str, span: Protected, left: dict[How, list[str]], standins: list[Standin]
) -> str | None:
    """What is sent in place of a span; None where the text is cut around it."""
    if span.how is How.CUT:
        return None
    if span.how in (How.WORDING, How.DASH):
        return span.rewording
    if span.how is How.AS_SAID:
        assert span.rewording is not None
        standins.append(Standin(span.how, span.rewording, span.original))
        return span.rewording
    if not left[span.how]:
        return span.rewording
    standin = left[span.how].pop(0)
    for pool in left.values():
        if standin in pool:
            pool.remove(standin)
    standins.append(Standin(span.how, standin, span.original))
    return sent(span.how, standin, qualifies=qualifies(text, span.span))


def _part(text: str) -> Iterator[tuple[str, bool]]:
    if text:
        yield text, has_words(text)
