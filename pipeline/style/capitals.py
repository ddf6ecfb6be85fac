"""Headlines in capitals or in title case, to the case of a sentence and to the house's style.

A model that has learned from sentences takes "Frees" for a name and spells "MAYOR FREES 107" letter by
letter. So such lines are truecased before they are translated: each word as it is written inside of
sentences (Lita et al. 2003, "tRuEcasIng"): in the article itself where it comes again, else in small
letters where it is one of the language's ordinary words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pipeline.checks.lexicon import ordinary_words
from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.requests import HeadlineStyle

WORD = re.compile(r"[^\W\d_](?:[\w.&’']*\w)?")
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+)[^\w]*([^\W\d_])")
_APOSTROPHE = re.compile(r"['’]")
_POSSESSIVE = re.compile(r"['’][sS]$")
_VOWEL = re.compile(r"[aeiouyáéíóúü]", re.IGNORECASE)
_HEADINGS = {BlockKind.TITLE, BlockKind.DECK, BlockKind.HEADING}
_SMALL_WORDS = """
    a an and as at but by for from in into nor of off on or out over per than the to up via vs with yet
    after about amid before between under
    al como con contra de del desde el en entre la las lo los ni o para por que se sin sobre su sus tras
    un una y
"""
_SMALL = frozenset(_SMALL_WORDS.split())
"""Words that title case leaves small, in English and in Spanish."""
_ABBREVIATION = 3
"""Of a line in capitals, a word of so few letters that is no ordinary one stays: US, EU, BBC."""
_ACRONYMS = {
    "AIDS", "BRICS", "COVID", "FIFA", "NAFTA", "NASA", "NATO", "OECD", "OPEC", "OTAN", "UEFA", "UNESCO",
    "UNICEF",
}  # fmt: skip
"""Longer ones that are read as words."""
_LONG = 4
"""Title case is told by the words of so many letters: style guides part on the shorter ones."""


class Case(StrEnum):
    """How a line is written."""

    SENTENCE = "sentence"
    TITLE = "title"
    CAPITALS = "capitals"


@dataclass(frozen=True)
class Truecaser:
    """How words are written inside of sentences: in one article, and in a language."""

    texts: Sequence[str]
    ordinary: frozenset[str]

    @classmethod
    def of(cls, document: Document, segments: Iterable[Segment], language: str) -> "Truecaser":
        """Learn from the article's own sentences; `language` is a primary tag."""
        texts = [
            segment.text
            for segment in segments
            if document.blocks[segment.block].kind is BlockKind.PARAGRAPH
            and not _in_capitals(segment.text)
        ]
        return cls(texts, ordinary_words(language))

    @cached_property
    def of_article(self) -> dict[str, str]:
        """The forms of the article's words; few articles have a line that needs them."""
        return _forms(self.texts)

    def case(self, kind: BlockKind, text: str) -> Case:
        """How a line of a block of this kind is written; bylines and furniture are never asked."""
        if not self.ordinary or kind in (BlockKind.BYLINE, BlockKind.FURNITURE):
            return Case.SENTENCE
        if _in_capitals(text):
            return Case.CAPITALS
        return Case.TITLE if kind in _HEADINGS and _in_title_case(text) else Case.SENTENCE

    def truecase(self, text: str, case: Case) -> str:
        """The line in sentence case, of the same length; as it is where it is so already."""
        if case is Case.SENTENCE:
            return text
        written = WORD.sub(lambda match: self._word(match.group(), case), text)
        return _SENTENCE_START.sub(lambda match: _capitalised(match.group()), written)

    def _word(self, word: str, case: Case) -> str:
        bare = _POSSESSIVE.sub("", word)
        form = self.of_article.get(bare.lower()) or self._usual(bare, case)
        written = form + word[len(bare) :].lower()
        return written if len(written) == len(word) else word

    def _usual(self, word: str, case: Case) -> str:
        # "Won't" is as ordinary as "won".
        if {word.lower(), _APOSTROPHE.split(word.lower())[0]} & self.ordinary:
            return word.lower()
        if case is Case.TITLE or len(word) <= _ABBREVIATION or word in _ACRONYMS:
            return word
        return word[0] + word[1:].lower() if _VOWEL.search(word) else word


def in_style(target: str, case: Case, style: HeadlineStyle) -> str:
    """The translation of a truecased line in the house's style; `case` is what the line had."""
    if case is Case.SENTENCE:
        return target
    target = _SENTENCE_START.sub(lambda match: _capitalised(match.group()), target, count=1)
    if style == "sentence":
        return target
    if case is Case.CAPITALS:
        return target.upper()
    first = WORD.search(target)
    return WORD.sub(
        lambda match: (
            match.group()
            if match.group() in _SMALL and first is not None and match.start() != first.start()
            else _capitalised(match.group())
        ),
        target,
    )


def _forms(texts: Iterable[str]) -> dict[str, str]:
    """Each word's most frequent form inside of sentences, by its lower case."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for word in _inside(text):
            counts.setdefault(word.lower(), Counter())[word] += 1
    return {word: of_word.most_common(1)[0][0] for word, of_word in counts.items()}


def _inside(text: str) -> Iterator[str]:
    """The words that follow on another, or on a comma: not the first of anything."""
    end = len(text)
    for match in WORD.finditer(text):
        if text[end : match.start()].strip(" ,") == "":
            yield _POSSESSIVE.sub("", match.group())
        end = match.end()


def _in_capitals(text: str) -> bool:
    words = [word for word in WORD.findall(text) if len(word) > 1]
    return len(words) > 1 and all(word.isupper() for word in words)


def _in_title_case(text: str) -> bool:
    _, *words = WORD.findall(text) or [""]
    telling = [word for word in words if len(word) >= _LONG and word.lower() not in _SMALL]
    return bool(telling) and all(word != word.lower() for word in telling)


def _capitalised(text: str) -> str:
    """The text with its first letter in upper case, where that does not change its length."""
    for place, character in enumerate(text):
        if character.isalpha():
            upper = character.upper()
            return text[:place] + upper + text[place + 1 :] if len(upper) == 1 else text
    return text
