"""Replace made-up or untranslated words by translations of the source word from parallel texts."""

from collections.abc import Sequence

from pipeline.checks import CheckFlag, Code
from pipeline.checks.bilingual import translations, untranslated_words
from pipeline.checks.lexicon import genders, ordinary_words
from pipeline.checks.reading import Reading, read
from pipeline.checks.words import Word
from pipeline.repair.acceptance import NEAR
from pipeline.spans import Span, replace_spans

_BEFORE_NOUNS = "the a an this that these those of el la los las un una unos unas de del al su sus"
_ARTICLES = frozenset(_BEFORE_NOUNS.split())
_LINE = {Code.UNRELATED, Code.UNTRANSLATED, Code.UNKNOWN_WORD}


def looked_up(
    text: str, translation: str, flags: Sequence[CheckFlag], source: str, target: str
) -> str | None:
    """The translation with its unknown words replaced; None if it is unclear which words they stand for."""
    ours, theirs = read(text, source), read(translation, target)
    if len(ours.words) == 1 and any(flag.code in _LINE for flag in flags):
        return _line(ours, target)
    places = [f.target for f in flags if f.code is Code.UNKNOWN_WORD and f.target is not None]
    lost = [
        word
        for word in untranslated_words(ours.words, theirs.words, source, target)
        if not word.capital or word is ours.words[0]
    ]
    changes: list[tuple[Span, str]] = []
    for place in places:
        word = _of(place, lost, ours, theirs)
        form = _form(word, place, theirs, source) if word is not None else None
        if word is None or form is None:
            continue
        lost.remove(word)
        changes.append((place, form))
    return replace_spans(translation, changes) if changes else None


def _line(source: Reading, target: str) -> str | None:
    """The translation of a line of one word, with the punctuation and capitals of the line."""
    (word,) = source.words
    forms = translations(word.lower, source.language, target)
    if not forms or word.lower not in ordinary_words(source.language):
        return None
    form = forms[0].capitalize() if word.capital else forms[0]
    return source.text[: word.span.start] + form + source.text[word.span.end :]


def _of(place: Span, lost: Sequence[Word], source: Reading, target: Reading) -> Word | None:
    """The source word behind the word at this place: the identical one, or the only lost one nearby."""
    written = target.text[slice(*place)].lower()
    same = [word for word in lost if word.lower == written]
    if same:
        return same[0]

    def far(word: Word) -> float:
        return abs(word.span.start / len(source.text) - place.start / len(target.text))

    near = sorted((word for word in lost if far(word) < NEAR), key=far)
    return near[0] if len(near) == 1 else None


def _form(word: Word, place: Span, target: Reading, source: str) -> str | None:
    """The translation that fits the place: the only one, or a noun if an article precedes."""
    forms = translations(word.lower, source, target.language)
    if len(forms) > 1:
        before = target.text[: place.start].split()[-1:]
        if not before or before[0].lower() not in _ARTICLES:
            return None
        nouns = genders(target.language)
        forms = [form for form in forms if not nouns or form in nouns]
        several = word.lower.endswith("s")
        forms = [form for form in forms if form.endswith("s") == several]
    if not forms:
        return None
    return forms[0].capitalize() if target.text[place.start].isupper() else forms[0]
