"""Find content words that a model translated with another sense, by vectors of words of both languages.

Words that translate each other, or that occur in the same sentences, lie close to each other
(`data/make_senses.py`). A source word without a known translation in the other text is doubtful if no word
there lies near it, and a word at about its place lies near nothing in the source: "concejal", "donor".

People translate more freely than models do, so the check is for a model's translations alone: of a person's
it would flag one in ten. ADR 0070 has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from pipeline.checks.bilingual import content, unexpressed
from pipeline.checks.dictionary import LANGUAGES, lemma
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.phrasebook import is_known_phrase
from pipeline.checks.reading import Reading
from pipeline.checks.words import Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FAR = 0.3
"""Below this cosine two words have nothing in common. Chosen by reading translations of newstest2010."""
_BESIDE = 0.25
"""Maximum distance between the positions of a word and its translation, as a share of their texts."""
_BESIDE_IN_SHORT = 15
"""The same in characters: in a short text, word order alone moves a word further."""
_GENERAL = 500
"""The most frequent words, such as "tener" and "say", may translate too much to tell anything."""
_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Doubt:
    """A source word whose sense is missing, and the word that seems to stand for it."""

    source: Word
    target: Word

    def flag(self) -> CheckFlag:
        """The flag for an editor."""
        message = f"“{self.target.text}” does not seem to mean “{self.source.text}”."
        return CheckFlag(Code.SENSE_DOUBTFUL, message, self.source.span, self.target.span)


def doubtful(source: Reading, target: Reading) -> list[Doubt]:
    """The source's words whose sense is missing; empty except for English and Spanish."""
    languages = source.language, target.language
    if {*languages} != LANGUAGES or is_known_phrase(source.text, target.text, *languages):
        return []
    lost = _far(source, target)
    strange = _far(target, source) if lost else []
    return [
        Doubt(word, beside)
        for word in lost
        if (beside := _beside(word, strange, source, target)) is not None
    ]


def _far(reading: Reading, other: Reading) -> list[Word]:
    """The words of a text without a translation in the other, to which no word there is near."""
    languages = reading.language, other.language
    words = [word for word in reading.words if _is_telling(word, reading.language)]
    lost = unexpressed(words, other.words, *languages)
    if not lost:
        return []
    listed = {word.span for word in content(lost, *languages)}
    numbers = {_number(word, other.language) for word in other.words}
    near = _Nearness(other)
    found = []
    for word in lost:
        number = _number(word, reading.language)
        if number is None:
            if word.span in listed:
                found.append(word)
        elif (
            numbers.isdisjoint(_aligned(reading.language).get(number, ()))
            and near.of(number, reading.language) < _FAR
        ):
            found.append(word)
    return found


def _beside(word: Word, others: Sequence[Word], source: Reading, target: Reading) -> Word | None:
    """The word at the most similar place of the other text; None if none is at about the same."""

    def far(other: Word) -> float:
        return abs(word.span.start / len(source.text) - other.span.start / len(target.text))

    best = min(others, key=far, default=None)
    limit = max(_BESIDE, _BESIDE_IN_SHORT / len(source.text))
    return best if best is not None and far(best) < limit else None


def _is_telling(word: Word, language: str) -> bool:
    if word.capital or len(word.text) < _LEAST_LETTERS:
        return False
    number = _number(word, language)
    return number is None or number >= _GENERAL


class _Nearness:
    """The vectors of a text's words."""

    def __init__(self, reading: Reading) -> None:
        import numpy as np

        found = (_number(word, reading.language) for word in reading.words)
        known = [_vector(number, reading.language) for number in found if number is not None]
        self._vectors = np.array(known) if known else None

    def of(self, number: int, language: str) -> float:
        """The cosine of a word of the other language and the nearest of the text's; 0 if none is known."""
        if self._vectors is None:
            return 0.0
        return float((self._vectors @ _vector(number, language)).max())


def _number(word: Word, language: str) -> int | None:
    return _words(language).get(lemma(word.lower, language))


def _vector(number: int, language: str) -> "npt.NDArray[np.float32]":
    import numpy as np

    vector: npt.NDArray[np.float32] = _table()[language][number].astype(np.float32)
    vector /= float(np.linalg.norm(vector)) or 1.0
    return vector


@cache
def _words(language: str) -> dict[str, int]:
    """The lemmas with a vector, the most frequent first, and their numbers."""
    words = _table()[f"{language}_words"].tobytes().decode().split("\n")
    return {word: number for number, word in enumerate(words)}


@cache
def _aligned(language: str) -> dict[int, set[int]]:
    """The numbers of the other language's lemmas with which a lemma was ever aligned."""
    found: dict[int, set[int]] = {}
    for pair in _table()["pairs"].tolist():
        one, other = pair if language == "en" else reversed(pair)
        found.setdefault(one, set()).add(other)
    return found


@cache
def _table() -> "dict[str, npt.NDArray[np.int8]]":
    import numpy as np

    content = (files("pipeline.checks.data") / "senses.npz").read_bytes()
    with np.load(BytesIO(content)) as table:
        return dict(table)
