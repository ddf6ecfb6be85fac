"""Find terms in a text: in any form of their words, the longest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy

from pipeline.checks.dictionary import DICTIONARIES
from pipeline.checks.words import words
from pipeline.glossary.terms import Term
from pipeline.spans import Span


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a source; where a glossary has several translations of it, any of them is right."""

    text: str
    span: Span
    terms: tuple[Term, ...]

    @property
    def wanted(self) -> str:
        """What stands for it in the translation: the first of several."""
        term = self.terms[0]
        return self.text if term.target is None else term.target

    @property
    def is_fixed(self) -> bool:
        """Whether it has one form: a name, or what is not translated.

        A name in another form than the glossary's, "Prime Ministers", needs another form in the
        translation too.
        """
        term = self.terms[0]
        if term.target is None:
            return True
        return term.target[0].isupper() and self.text.casefold() == term.source.casefold()


def whole(text: str, terms: Sequence[Term], language: str) -> str | None:
    """What stands for a text that is a term and nothing else; None if it is not, or in another form."""
    found = find(text, terms, language)
    if len(found) != 1 or found[0].terms[0].source.casefold() != text.casefold():
        return None
    wanted = found[0].wanted
    return wanted[0].upper() + wanted[1:] if text[0].isupper() else wanted


def find(text: str, terms: Sequence[Term], language: str) -> list[Found]:
    """The terms in a text, in order; of terms that overlap, the longest, then the first.

    Forms are compared by their lemmas: "prime ministers" is found for "prime minister".
    """
    if not terms:
        return []
    forms = _by_first(terms, language)
    read = words(text)
    lemmas = [lemma(word.text, language) for word in read]
    found: list[Found] = []
    start = 0
    while start < len(read):
        one = _longest(text, [word.span for word in read], lemmas, start, forms)
        if one is None:
            start += 1
        else:
            found.append(one)
            start += sum(1 for word in read[start:] if word.span.end <= one.span.end)
    return found


def count(text: str, found: Found, language: str) -> int:
    """How often what a found term asks for is in a translation, in any form of its words."""
    return max(
        _count(text, found.text if t.target is None else t.target, language) for t in found.terms
    )


def _count(text: str, wanted: str, language: str) -> int:
    lemmas = [lemma(word.text, language) for word in words(text)]
    form = _form(wanted, language)
    return sum(lemmas[n : n + len(form)] == form for n in range(len(lemmas) - len(form) + 1))


def _longest(
    text: str,
    spans: Sequence[Span],
    lemmas: Sequence[str],
    start: int,
    forms: dict[str, list[tuple[list[str], Term]]],
) -> Found | None:
    matches: list[Term] = []
    size = 0
    for form, term in forms.get(lemmas[start], ()):  # the longest first
        if size and len(form) < size:
            break
        end = start + len(form)
        if list(lemmas[start:end]) != form:
            continue
        if term.match_case and not _has_case(text[spans[start].start : spans[end - 1].end], term):
            continue
        size = len(form)
        matches.append(term)
    if not matches:
        return None
    span = Span(spans[start].start, spans[start + size - 1].end)
    return Found(text[slice(*span)], span, tuple(matches))


def _has_case(text: str, term: Term) -> bool:
    """Whether each word has its capitals where the term's has them."""
    return all(
        ours.capital == theirs.capital
        for ours, theirs in zip(words(term.source), words(text), strict=False)
    )


def _by_first(terms: Iterable[Term], language: str) -> dict[str, list[tuple[list[str], Term]]]:
    """The terms with their lemmas, by the first of these, the longest first."""
    forms: dict[str, list[tuple[list[str], Term]]] = {}
    for term in terms:
        if form := _form(term.source, language):
            forms.setdefault(form[0], []).append((form, term))
    for of_first in forms.values():
        of_first.sort(key=lambda one: -len(one[0]))
    return forms


@lru_cache(maxsize=20_000)
def _cached_form(text: str, language: str) -> tuple[str, ...]:
    return tuple(lemma(word.text, language) for word in words(text))


def _form(text: str, language: str) -> list[str]:
    return list(_cached_form(text, language))


@lru_cache(maxsize=20_000)
def lemma(word: str, language: str) -> str:
    """The word's base form in lower case; the word itself in a language that simplemma does not have."""
    folded = word.casefold()
    try:
        return _lemmatizer().lemmatize(folded, lang=language).casefold()
    except ValueError:
        return folded


@cache
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=DICTIONARIES))
