"""Replace words that do not exist by real words, where the spelling and the source show which was meant.

A model writes "evalúando", "viajou" and "construyemos" for "evaluando", "viajó" and "construimos". Wrong
accents are corrected; any other real word must be one or two letters away, and be a form of a translation
of a source word.
"""

from collections.abc import Iterator

from models.language_model import LanguageModel
from pipeline.checks.bilingual import translations
from pipeline.checks.dictionary import is_word
from pipeline.checks.spelling import accents, distance, fold
from pipeline.checks.words import words
from pipeline.spans import Span

_LETTERS = "abcdefghijklmnñopqrstuvwxyzáéíóúü"
_BEGINNING = 3
_FARTHEST = 2
_LONG = 8
"""In words of at least this length two letters may differ after the first `_BEGINNING`; otherwise one."""
_ENDINGS = "snr"
"""Endings of plurals, plural verbs and infinitives: a word with one is replaced by a word with the same."""
_ENDINGS_OF_PORTUGUESE = (
    ("ções", "ciones"), ("ção", "ción"), ("ões", "ones"), ("ão", "ón"), ("dade", "dad"), ("ou", "ó"),
    ("aram", "aron"), ("eram", "ieron"), ("iram", "ieron"), ("eu", "ió"), ("ais", "ales"), ("éis", "eles"),
    ("m", "n"),
)  # fmt: skip
_INFLECTED = 5
"""Minimum letters in the common prefix of two forms of one word."""
_PER_LETTER = 2.0
"""The cost of each differing letter, as a log-probability."""


def respelled(
    source: str, text: str, span: Span, languages: tuple[str, str], model: LanguageModel
) -> str | None:
    """Return the text with an unknown word replaced by the most likely real word.

    None if no real word is close enough. `languages` are those of source and target.
    """
    before, unknown, after = text[: span.start], text[slice(*span)], text[span.end :]
    beside = {word.lower for word in words(before)[-1:] + words(after)[:1]}
    length = len(words(text))
    lower = unknown.lower()
    spelled = _in_spanish(lower) if languages[1] == "es" else lower

    def worth(word: str) -> float:
        whole = before + word + after
        return length * model.score(whole, source) - _PER_LETTER * distance(word, spelled, 9)

    found = [
        word
        for word in dict.fromkeys(_candidates(source, lower, spelled, languages, model))
        if word not in beside and model.knows(word) and is_word(word, languages[1])
    ]
    if not found:
        return None
    best = max(found, key=worth)
    return before + (best.capitalize() if unknown[0].isupper() else best) + after


def _candidates(
    source: str, unknown: str, spelled: str, languages: tuple[str, str], model: LanguageModel
) -> Iterator[str]:
    """The words that may have been meant; if any differ only in their accents, only those.

    `spelled` is the unknown word without the spelling of another language.
    """
    accented = [word for word in accents(unknown) if is_word(word, languages[1])]
    if accented:
        yield from accented
        return
    meant = {fold(form) for word in words(source) for form in translations(word.lower, *languages)}
    beginnings = {form[:_INFLECTED] for form in meant if len(form) >= _INFLECTED}
    near = [
        word
        for word in model.beginning(spelled[:_BEGINNING])
        if len(spelled) >= _LONG and distance(word, spelled, _FARTHEST) <= _FARTHEST
    ]
    for word in (spelled, *near, *_one_letter_away(spelled)):
        folded = fold(word)
        if _ending(word) != _ending(spelled):
            continue
        if folded in meant or folded[:_INFLECTED] in beginnings:
            yield word


def _in_spanish(word: str) -> str:
    """The word with Portuguese endings and letters replaced by Spanish ones."""
    for ending, spanish in _ENDINGS_OF_PORTUGUESE:
        if word.endswith(ending):
            word = word.removesuffix(ending) + spanish
            break
    return word.replace("nh", "ñ").replace("lh", "j").replace("ç", "z")


def _ending(word: str) -> str:
    return word[-1] if word.endswith(tuple(_ENDINGS)) else ""


def _one_letter_away(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
