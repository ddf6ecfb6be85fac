"""Whether a word exists in English or Spanish, in any of its forms.

A word is known if it is in the lists under `data/` or in simplemma's dictionary of forms, or if it derives
from such a word by an ending, a prefix, or the pronouns that Spanish attaches to verbs.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory

from pipeline.checks.lexicon import ordinary_words
from pipeline.checks.number_words import NUMBER_WORDS

LANGUAGES = frozenset({"en", "es"})
DICTIONARIES = TrieDictionaryFactory()
"""simplemma's dictionaries. As tries they take 1 MB (English) and 4 MB (Spanish) and load in milliseconds
from the user's cache folder; the first process that needs one builds it in up to 2 s."""
_PREFIX = re.compile(
    r"(?:anti|auto|bi|bio|ciber|co|contra|cyber|des|dis|eco|electro|euro|ex|extra|foto|geo|hiper|hyper|in|infra"
    r"|inter|macro|mal|medio|mega|micro|mini|mono|multi|nano|narco|neo|neuro|non|out|over|para|photo|poli|poly"
    r"|pos|post|pre|pro|pseudo|psico|psycho|radio|re|semi|sobre|socio|sub|super|tele|trans|ultra|un|under|vice"
    r"|video)(?=.{4})"
)
# An ending, and its replacement in the word that it derives from.
_ENDINGS = {
    "en": [
        ("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"),
        ("ers", ""), ("ers", "e"), ("ly", ""), ("ness", ""), ("less", ""), ("able", ""), ("able", "e"),
        ("ish", ""), ("like", ""), ("hood", ""), ("ship", ""), ("wide", ""),
        ("or", ""), ("or", "e"), ("ors", ""), ("ors", "e"),
    ],
    "es": [
        ("s", ""), ("es", ""), ("mente", ""), ("mente", "o"), ("ísimo", "o"), ("ísima", "o"), ("ísimos", "o"),
        ("ísimas", "o"), ("ito", "o"), ("ita", "a"), ("itos", "o"), ("itas", "a"), ("illo", "o"),
        ("illa", "a"), ("illos", "o"), ("illas", "a"),
    ],
}  # fmt: skip
_PRONOUN = re.compile(r"(?<=[aeiouáéíóúrdn])(?:[mts]e|n?os|l[aeo]s?)$")
_VOWELS = tuple("aeiouáéíóúy")
_PLAIN = str.maketrans("áéíóú", "aeiou")


@lru_cache(maxsize=16384)
def is_word(word: str, language: str) -> bool:
    """Whether the word, given in lower case, exists in the language or derives from one that does."""
    if is_listed(word, language):
        return True
    if language == "es" and _is_with_pronouns(word):
        return True
    for ending, instead in _ENDINGS.get(language, ()):
        stem = word.removesuffix(ending)
        if language == "es" and ending == "s" and stem[-1:] not in _VOWELS:
            continue  # the plural of "benefactor" is "benefactores"
        if word.endswith(ending) and is_listed(stem + instead, language):
            return True
    prefix = _PREFIX.match(word)
    if prefix is None:
        return False
    rest = word[prefix.end() :]
    return is_word(rest.removeprefix("r") if rest.startswith("rr") else rest, language)


@lru_cache(maxsize=16384)
def lemma(word: str, language: str) -> str:
    """The dictionary form of a word in lower case; the word itself if none is known."""
    return _dictionary(language).get(word, word)


def _is_with_pronouns(word: str) -> bool:
    """Whether it is a verb with one or two pronouns attached: entregárselos, planteándose, vámonos."""
    verb = word
    for _ in range(2):
        pronoun = _PRONOUN.search(verb)
        if pronoun is None or pronoun.start() < 3:
            return False
        verb = verb[: pronoun.start()]
        if any(is_listed(form, "es") for form in (verb, verb.translate(_PLAIN))):
            return True
    return False


def is_listed(word: str, language: str) -> bool:
    """Whether the word, in lower case, is in a list of the language itself; `language` is in `LANGUAGES`."""
    return (
        word in ordinary_words(language)
        or word in NUMBER_WORDS.get(language, {})
        or word in _dictionary(language)
    )


@cache
def _dictionary(language: str) -> Mapping[str, str]:
    """Forms and their lemmas."""
    return DICTIONARIES.get_dictionary(language)
