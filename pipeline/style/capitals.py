"""Convert headlines in capitals or title case to sentence case, and translations to the house style.

A model trained on sentences takes "Frees" for a name and splits "MAYOR FREES 107" into single letters.
Such lines are therefore truecased before translation: each word is written as it is inside sentences
(Lita et al. 2003, "tRuEcasIng"), in the article itself where the word occurs again, otherwise in lower
case if it is an ordinary word of the language.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pipeline.checks.countries import place_names
from pipeline.checks.lexicon import ordinary_words
from pipeline.checks.people import people
from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.requests import HeadlineStyle

WORD = re.compile(r"[^\W\d_](?:[\w.&’']*\w)?")
_SENTENCE_START = re.compile(r"(?:^[^\w]*|[.!?…]\s+[^\w.!?…]*)([^\W\d_])")
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
"""Words that title case leaves in lower case, in English and in Spanish."""
_ABBREVIATION = 3
"""In a line in capitals, a word of so few letters that is not an ordinary word is kept: US, EU, BBC."""
_ACRONYMS = {
    "AIDS", "BRICS", "COVID", "FIFA", "NAFTA", "NASA", "NATO", "OECD", "OPEC", "OTAN", "UEFA", "UNESCO",
    "UNICEF",
}  # fmt: skip
"""Longer acronyms, which are pronounced as words."""
_LABEL = re.compile(
    r"^\W*(?P<words>[A-ZÀ-ÖØ-Þ]{2,}(?:[ /][A-ZÀ-ÖØ-Þ]{2,})*)"
    r"(?P<after>:| ?\| ?|/ | \d+-|, | ?\(| ?[–—-] )(?=.*[a-zà-ÿ])"
)
"""Capitals before a line: a label ("BREAKING: …"), a dateline's place ("NEW DELHI, Oct 4 …")."""
_PLACE_AFTER = (",", "(", "–", "—", "-")
_LEAST_ALONE = 4
"""Letters of a word in capitals that is a line of its own: shorter ones are acronyms as often."""
_LONG = 4
"""Title case is recognised by words of at least so many letters: style guides differ on shorter ones."""


class Case(StrEnum):
    """The case a line is written in."""

    SENTENCE = "sentence"
    TITLE = "title"
    CAPITALS = "capitals"


@dataclass(frozen=True)
class Truecaser:
    """How words are written inside sentences: in one article, and in a language."""

    texts: Sequence[str]
    ordinary: frozenset[str]
    places: frozenset[str] = frozenset()
    language: str = ""

    @classmethod
    def of(cls, document: Document, segments: Iterable[Segment], language: str) -> "Truecaser":
        """Learn from the sentences of the article; `language` is a primary language subtag."""
        texts = [
            segment.text
            for segment in segments
            if document.blocks[segment.block].kind is BlockKind.PARAGRAPH
            and not _in_capitals(segment.text)
        ]
        return cls(texts, ordinary_words(language), place_names(language), language)

    @cached_property
    def of_article(self) -> dict[str, str]:
        """The forms of the article's words; computed on demand, since few articles need them."""
        return _forms(self.texts)

    def case(self, kind: BlockKind, text: str) -> Case:
        """The case of a line in a block of this kind; bylines and boilerplate always count as sentences."""
        if not self.ordinary or kind in (BlockKind.BYLINE, BlockKind.FURNITURE):
            return Case.SENTENCE
        if _in_capitals(text) or self._is_word_in_capitals(text):
            return Case.CAPITALS
        return Case.TITLE if kind in _HEADINGS and _in_title_case(text) else Case.SENTENCE

    def truecase(self, text: str, case: Case) -> str:
        """The line in sentence case, with its length unchanged."""
        if case is Case.SENTENCE:
            return self._without_label(text)
        names = people(text, self.language) if case is Case.TITLE else []
        written = WORD.sub(
            lambda match: (
                match.group()
                if any(name.start <= match.start() < name.end for name in names)
                else self._word(match.group(), case)
            ),
            text,
        )
        return _SENTENCE_START.sub(lambda match: _capitalised(match.group()), written)

    def _is_word_in_capitals(self, text: str) -> bool:
        """Whether the line is one word of the language in capitals: "OBITUARIO", not "NASA"."""
        words = WORD.findall(text)
        return (
            len(words) == 1
            and words[0].isupper()
            and len(words[0]) >= _LEAST_ALONE
            and words[0] not in _ACRONYMS
            and (words[0].lower() in self.ordinary or words[0].capitalize() in self.places)
        )

    def _without_label(self, text: str) -> str:
        """The line with the label or the place before it as inside a sentence; of the same length."""
        match = _LABEL.match(text)
        if match is None:
            return text
        start, end = match.span("words")
        if match["after"].strip().startswith(_PLACE_AFTER):
            label = WORD.sub(lambda word: self._of_place(word[0]), match["words"])
        else:
            label = _capitalised(
                WORD.sub(lambda word: self._word(word[0], Case.CAPITALS), match["words"])
            )
        return text[:start] + label + text[end:] if len(label) == end - start else text

    def _of_place(self, word: str) -> str:
        short = len(word) <= _ABBREVIATION and word.lower() not in self.ordinary
        return word if short or word in _ACRONYMS else word[0] + word[1:].lower()

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
    """The translation of a truecased line in the house style; `case` is the case of the original line."""
    if case is Case.SENTENCE:
        return target
    target = _SENTENCE_START.sub(lambda match: _capitalised(match.group()), target, count=1)
    if style == "sentence":
        return target
    if case is Case.CAPITALS:
        return "".join(map(_upper, target))
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
    """The most frequent form of each word inside sentences, keyed by the word in lower case."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for word in _inside(text):
            counts.setdefault(word.lower(), Counter())[word] += 1
    return {word: of_word.most_common(1)[0][0] for word, of_word in counts.items()}


def _inside(text: str) -> Iterator[str]:
    """The words that follow another word or a comma, so that no capital is due to their position."""
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
    """The text with its first letter in upper case, unless that changes its length."""
    for place, character in enumerate(text):
        if character.isalpha():
            return text[:place] + _upper(character) + text[place + 1 :]
    return text


def _upper(character: str) -> str:
    """The character in upper case; itself where that is several characters ("ß")."""
    upper = character.upper()
    return upper if len(upper) == 1 else character
