"""Pairs varied for what news has and the texts have not: names, numbers, headlines, fragments."""

import random
import re
from collections import Counter
from collections.abc import Sequence

from models.training.direction import Direction

Pair = tuple[str, str]

_WORD = re.compile(r"\w+")
NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zà-ÿ]{2,}\b")
"""A capitalised word inside a sentence."""
_FIRST = re.compile(r"^[A-Z][a-zà-ÿ]{2,}\b")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+\.\d{1,3}|\d{2,4})(?![\w]|[.,]\d)")
_DIGIT = re.compile(r"\d")
SWAP_NAMES, SWAP_NUMBERS = 0.7, 0.4
"""The shares of the pairs in which names, and numbers, are swapped."""
FRAGMENT_SHARE = 0.007
"""How many short pieces of a news page are added, for each pair."""
_FRAGMENTS = (
    ("By {0} {1}", "Por {0} {1}"),
    ("BY {0} {1}", "Por {0} {1}"),
    ("Photo: {0} {1}", "Foto: {0} {1}"),
    ("Photo by {0} {1}", "Foto de {0} {1}"),
    ("{0} {1}", "{0} {1}"),
    ("{0}, {1}", "{0}, {1}"),
    ("ON NOW", "EN VIVO"),
    ("Read more", "Leer más"),
    ("Follow us", "Síganos"),
    ("{0} {1}, {2}", "{0} {1}, {2}"),
    ("{0} 2, {1} 1", "{0} 2, {1} 1"),
    ("{0}: {2}", "{0}: {2}"),
)
"""English and Spanish, with places for names and a number."""


def vary(
    pairs: Sequence[Pair], names: Sequence[str], direction: Direction, rng: random.Random
) -> list[Pair]:
    """English and Spanish pairs as sources and targets: varied, and with fragments among them."""
    others = [swapped(*pair, names, rng) for pair in pairs]
    others += [fragment(names, rng) for _ in range(round(FRAGMENT_SHARE * len(pairs)))]
    return [varied(*direction.ordered(*pair), rng) for pair in others]


def kept_names(source: str, target: str) -> list[str]:
    """Capitalised words of the source that stand once in each text, as they are."""
    words = Counter(_WORD.findall(target))
    of_source = Counter(_WORD.findall(source))
    capitalised = _FIRST.findall(source) + NAME.findall(source)
    return [name for name in capitalised if words[name] == 1 == of_source[name]]


def swapped(source: str, target: str, names: Sequence[str], rng: random.Random) -> Pair:
    """Now and then other names and numbers, the same in both: they must be copied, not guessed."""
    if rng.random() < SWAP_NAMES:
        for name in kept_names(source, target):
            other = rng.choice(names)
            source, target = replaced(source, name, other), replaced(target, name, other)
    if rng.random() < SWAP_NUMBERS:
        for number in sorted(set(_NUMBER.findall(source))):
            spanish = in_spanish(number)
            if _count(source, number) == 1 == _count(target, spanish):
                other = _another(number, rng)
                source = replaced(source, number, other)
                target = replaced(target, spanish, in_spanish(other))
    return source, target


def in_spanish(number: str) -> str:
    """An English number in Spanish notation: 1,800.5 → 1.800,5."""
    return number.translate(str.maketrans(",.", ".,"))


def _another(number: str, rng: random.Random) -> str:
    """Another number: a year for a year, else of any size, for the rare shapes are the ones lost."""
    if len(number) == 4 and number.isdigit():
        return str(rng.randint(1700, 2040))
    kind = rng.random()
    if kind < 0.4:
        return str(rng.randint(1, 9)) + _DIGIT.sub(lambda _: str(rng.randint(0, 9)), number[1:])
    if kind < 0.65:
        return f"{rng.choice((9, 99, 999)) * rng.random():.{rng.randint(1, 2)}f}"
    return f"{rng.randint(2, 10 ** rng.randint(1, 6)):,}"


def _count(text: str, word: str) -> int:
    return len(re.findall(rf"(?<![\w.,]){re.escape(word)}(?![\w]|[.,]\d)", text))


def replaced(text: str, word: str, other: str) -> str:
    """The text with another word, or number, in the place of one."""
    return re.sub(rf"(?<![\w.,]){re.escape(word)}(?![\w]|[.,]\d)", lambda _: other, text)


def fragment(names: Sequence[str], rng: random.Random) -> Pair:
    """A short piece of a news page, English and Spanish, with some of the names."""
    english, spanish = rng.choice(_FRAGMENTS)
    parts = (rng.choice(names), rng.choice(names), str(rng.randint(2, 999)))
    return english.format(*parts), spanish.format(*parts)


def varied(source: str, target: str, rng: random.Random) -> Pair:
    """Now and then what news looks like and the texts do not: headlines, fragments, curly quotes."""
    if len(source) < 110 and rng.random() < 0.04:
        # A headline in capitals or title case; Spanish headlines are in sentence case.
        source = source.upper() if rng.random() < 0.5 else source.title().replace("'S", "'s")
    if source.endswith(".") and target.endswith(".") and rng.random() < 0.05:
        source, target = source[:-1], target[:-1]
    if rng.random() < 0.3:
        if source.count('"') == target.count('"') and source.count('"') % 2 == 0:
            source, target = _curled(source), _curled(target)
        source = source.replace("'", "’")
    return source, target


def _curled(text: str) -> str:
    parts = text.split('"')
    return "".join(
        part if index == 0 else ("“" if index % 2 else "”") + part
        for index, part in enumerate(parts)
    )
