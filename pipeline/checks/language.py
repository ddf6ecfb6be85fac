"""Check that the translation is in the requested language."""

from collections.abc import Sequence

from models.detection import detect
from pipeline.checks.lexicon import FUNCTION_WORDS
from pipeline.checks.people import people
from pipeline.checks.reading import Reading
from pipeline.checks.words import Word
from pipeline.spans import Span

_LEAST_COPIED = 4
_LEAST_DETECTED = 40
"""Minimum characters for a language to be detected by statistics."""
_SURE = 0.9
_USUAL_SHARE = 0.3
"""Minimum share of function words in a longer sentence."""


def copied(source: Reading, target: Reading) -> Span | None:
    """The span where the target copies the source: all of it, or a run of words outside names."""
    if source.language == target.language:
        return None
    function_words = FUNCTION_WORDS.get(source.language, frozenset())
    others = FUNCTION_WORDS.get(target.language, frozenset())
    quoted = [quote.span for quote in target.quotes]
    # "Baltasar de la Fuente": copied words of a name are correct.
    for name in people(source.text, source.language):
        place = target.text.find(source.text[slice(*name)])
        if place >= 0:
            quoted.append(Span(place, place + name.end - name.start))
    said = [word for word in target.words if not _inside(word.span, quoted)]
    ours = sum(word.lower in function_words for word in said)
    theirs = sum(word.lower in others for word in said)
    whole = Span(0, len(target.text))
    sources = {word.lower for word in source.words}
    if ours >= 2 and ours > 2 * theirs and 2 * sum(w.lower in sources for w in said) > len(said):
        return whole
    # "No no no" is the same in both languages.
    plain = {w.lower for w in source.words if not w.capital and not w.text[0].isdigit()}
    if source.text == target.text and len(plain) >= 2:
        return whole
    if ours < 2 or not function_words:
        return None
    return _run(source.words, said, function_words)


def _inside(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in others)


def _run(
    source: Sequence[Word], words: Sequence[Word], function_words: frozenset[str]
) -> Span | None:
    """The first run of lower-case words copied from the source, at least two of them function words."""
    text = f" {' '.join(word.lower for word in source)} "
    for start in range(len(words) - _LEAST_COPIED + 1):
        run = words[start : start + _LEAST_COPIED]
        if (
            not any(word.capital for word in run)
            and sum(word.lower in function_words for word in run) >= 2
            and f" {' '.join(word.lower for word in run)} " in text
        ):
            return Span(run[0].span.start, run[-1].span.end)
    return None


def other_language(target: Reading) -> str | None:
    """The language that the target is certainly in instead of its own; None if it may be in its own."""
    if len(target.text) < _LEAST_DETECTED:
        return None
    own = FUNCTION_WORDS.get(target.language)
    if own is not None:
        known = sum(word.lower in own for word in target.words)
        if _USUAL_SHARE * len(target.words) < known:
            return None
    found = detect(target.text)
    if found.language in (None, target.language) or found.confidence < _SURE:
        return None
    return found.language
