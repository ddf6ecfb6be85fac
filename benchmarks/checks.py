"""What the checks catch, what they flag for nothing, what they cost: `python -m benchmarks.checks`.

On pairs of a source and a human translation: the share of pairs that is flagged as it is, by code (false
alarms, and the errors that human translators make too), then the share of injected errors that
raises a flag of the right kind. Rules were tuned on newstest2010; clean figures are newstest2009's.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks import CheckFlag, Code, Severity, check
from pipeline.checks.bilingual import content, untranslated_words
from pipeline.checks.dictionary import is_word
from pipeline.checks.facts import Fact
from pipeline.checks.lexicon import genders
from pipeline.checks.reading import Reading, read
from pipeline.checks.senses import doubtful
from pipeline.checks.words import Word

DATA = Path(__file__).parents[2] / "shared" / "data" / "dev" / "newstest2011"
SEED = 2011

Corrupt = Callable[[Reading, Reading, random.Random], str | None]
"""The translation with one error, from the readings of source and translation; None if it has no
place for it."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """One kind of error, and the codes any of which says it."""

    name: str
    corrupt: Corrupt
    codes: frozenset[Code]


def _shared(ours: Sequence[Fact], theirs: Sequence[Fact]) -> list[Fact]:
    """Facts of the translation that are the source's too, and firm on both sides."""
    firm = [fact for fact in ours if fact.firm]
    return [t for t in theirs if t.firm and any(t.means(fact) for fact in firm)]


def _replace(text: str, fact: Fact, by: str) -> str:
    return text[: fact.span.start] + by + text[fact.span.end :]


def _digit(source: Reading, target: Reading, dice: random.Random) -> str | None:
    facts = [f for f in _shared(source.numbers, target.numbers) if f.text[-1].isdigit()]
    if not facts:
        return None
    fact = dice.choice(facts)
    place = dice.choice([i for i, c in enumerate(fact.text) if c.isdigit()])
    digit = dice.choice([d for d in "123456789" if d != fact.text[place]])
    return _replace(target.text, fact, fact.text[:place] + digit + fact.text[place + 1 :])


def _drop_number(source: Reading, target: Reading, dice: random.Random) -> str | None:
    facts = _shared(source.numbers, target.numbers)
    return _replace(target.text, dice.choice(facts), "") if facts else None


def _scale(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del source, dice
    for right, wrong in (
        ("mil millones", "millones"), (" millones", " mil"), ("billion", "million"), ("million", "billion"),
    ):  # fmt: skip
        if re.search(rf"\d {right.strip()}\b", target.text):
            return target.text.replace(right, wrong, 1)
    return None


def _point(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """1.800 to 1,8 and 1,5 to 15: the notation is taken for the other language's."""
    facts = [
        f for f in _shared(source.numbers, target.numbers) if re.fullmatch(r"\d+[.,]\d+", f.text)
    ]
    if not facts:
        return None
    fact = dice.choice(facts)
    return _replace(target.text, fact, fact.text.translate(str.maketrans(".,", ",.")))


def _month(source: Reading, target: Reading, dice: random.Random) -> str | None:
    months = _shared(source.calendar, target.calendar)
    if not months:
        return None
    fact = dice.choice(months)
    words = (
        ("enero", "abril", "lunes", "viernes")
        if target.language == "es"
        else ("January", "April", "Monday", "Friday")
    )
    pool = words[:2] if fact.kind == "month" else words[2:]
    return _replace(target.text, fact, dice.choice([w for w in pool if w != fact.text]))


def _copied_names(source: Reading, target: Reading) -> list[Fact]:
    ours = {fact.value for fact in source.names if fact.firm}
    return [f for f in target.names if f.firm and f.value in ours and len(f.text) > 3]


def _misspell(source: Reading, target: Reading, dice: random.Random) -> str | None:
    names = [f for f in _copied_names(source, target) if f.text.isalpha()]
    if not names:
        return None
    fact = dice.choice(names)
    place = dice.randrange(1, len(fact.text))
    letter = dice.choice([c for c in "aeorlntm" if c != fact.text[place]])
    return _replace(target.text, fact, fact.text[:place] + letter + fact.text[place + 1 :])


def _other_name(source: Reading, target: Reading, dice: random.Random) -> str | None:
    names = _copied_names(source, target)
    return _replace(target.text, dice.choice(names), "Gutenberg") if names else None


def _drop_name(source: Reading, target: Reading, dice: random.Random) -> str | None:
    names = _copied_names(source, target)
    if not names:
        return None
    name = dice.choice(names)
    text = target.text
    for fact in reversed([f for f in target.names if f.value == name.value]):
        text = _replace(text, fact, "")
    return text


def _country(source: Reading, target: Reading, dice: random.Random) -> str | None:
    facts = _shared(source.countries, target.countries)
    if not facts:
        return None
    other = ("Mongolia", "mongol") if target.language == "es" else ("Mongolia", "Mongolian")
    fact = dice.choice(facts)
    text = target.text
    for same in reversed([f for f in target.countries if f.means(fact)]):
        text = _replace(text, same, other[same.text[0].islower()])
    return text


def _negation(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del dice
    if len(source.negations) != 1 or len(target.negations) != 1:
        return None
    fact = target.negations[0]
    return _replace(target.text, fact, "") if fact.text.lower() in ("no", "not", "never") else None


def _deny(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """The first "is" is not; only where nothing is denied."""
    del dice
    if source.negations or target.negations:
        return None
    pattern, denied = (
        (r" (es|son|fue|era|ha|han|está|están|será) ", r" no \1 ")
        if target.language == "es"
        else (r" (is|are|was|were|has|have|will) ", r" \1 not ")
    )
    wrong = re.sub(pattern, denied, target.text, count=1)
    return wrong if wrong != target.text else None


def _double(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """A doubled letter of a name is single, or else a single one doubled."""
    names = [f for f in _copied_names(source, target) if f.text.isalpha()]
    if not names:
        return None
    fact = dice.choice(names)
    halved = re.sub(r"(.)\1", r"\1", fact.text, count=1)
    if halved != fact.text:
        return _replace(target.text, fact, halved)
    place = dice.randrange(1, len(fact.text) - 1)
    return _replace(target.text, fact, fact.text[: place + 1] + fact.text[place:])


def _mark(source: Reading, target: Reading, dice: random.Random) -> str | None:
    if not source.quotes or not target.quotes:
        return None
    end = dice.choice(target.quotes).span.end
    return target.text[: end - 1] + target.text[end:]


def _marks(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del dice
    if not source.quotes or not target.quotes:
        return None
    return re.sub(r"[“”«»\"„‟]", "", target.text)


def _drop_clause(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """A part between two commas or other marks, of a fifth to a half of the text."""
    del source
    cuts = [m.end() for m in re.finditer(r"[,;:.–—] ", target.text)]
    size = len(target.text)
    spans = [
        (a, b)
        for i, a in enumerate([0, *cuts])
        for b in [*cuts, size][i:]
        if size > 60 and 0.2 * size <= b - a <= 0.5 * size
    ]
    if not spans:
        return None
    start, end = dice.choice(spans)
    return (target.text[:start] + target.text[end:]).strip()


def _drop_sentence(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del dice
    sentences = re.split(r"(?<=[.!?]) (?=[A-ZÁÉÍÓÚ¿¡])", target.text)
    several = len(re.split(r"(?<=[.!?]) (?=[A-Z])", source.text)) > 1
    return " ".join(sentences[:-1]) if len(sentences) > 1 and several else None


def _cut(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del source
    words = target.text.split()
    return (
        " ".join(words[: dice.randint(len(words) // 2, len(words) - 3)]) if len(words) > 8 else None
    )


def _loop(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del source
    words = target.text.split()
    if len(words) < 6:
        return None
    start, size = dice.randrange(len(words) - 4), dice.randint(2, 4)
    return " ".join(
        [*words[: start + size], *words[start : start + size] * 2, *words[start + size :]]
    )


def _copy(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del dice
    return source.text if len(target.words) > 5 else None


def _sign(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del dice
    signs = [sign for sign in "±≤≥µ°‰½¼¾²³§" if sign in source.text and sign in target.text]
    return target.text.replace(signs[0], "") if signs else None


def _article(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """An article before a noun of one gender has the other."""
    del source
    table = genders(target.language)
    turned = {"el": "la", "la": "el", "los": "las", "las": "los", "un": "una", "una": "un"}
    places = [
        match
        for match in re.finditer(r"\b(el|la|los|las|un|una) ([a-záéíóúñ]+)\b", target.text)
        if match[2] in table
    ]
    if not places:
        return None
    match = dice.choice(places)
    return target.text[: match.start()] + turned[match[1]] + target.text[match.end(1) :]


def _telling(reading: Reading) -> list[Word]:
    """The words of at least six letters that are no names."""
    return [word for word in reading.words if not word.capital and len(word.text) > 5]


def _left(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """A word of the source stands where a word of the translation did."""
    ours = [word for word in _telling(source) if not is_word(word.lower, target.language)]
    theirs = _telling(target)
    if not ours or not theirs:
        return None
    word, gone = dice.choice(ours), dice.choice(theirs)
    return target.text[: gone.span.start] + word.text + target.text[gone.span.end :]


def _sense(source: Reading, target: Reading, dice: random.Random) -> str | None:
    """A word that has a known counterpart in the source is one of another sense."""
    other = ("zanahoria", "trompeta") if target.language == "es" else ("carrot", "trumpet")
    expressed = [
        word
        for word in content(_telling(target), target.language, source.language)
        if not untranslated_words([word], source.words, target.language, source.language)
    ]
    if not expressed:
        return None
    word = dice.choice(expressed)
    return target.text[: word.span.start] + dice.choice(other) + target.text[word.span.end :]


def _other_sentence(source: Reading, target: Reading, dice: random.Random) -> str | None:
    del source, dice
    return (
        "Mañana lloverá otra vez en casi toda la costa."
        if target.language == "es"
        else "Tomorrow it will rain again along most of the coast."
    )


_NUMBERS = frozenset(
    {Code.NUMBER_MISSING, Code.NUMBER_CHANGED, Code.NUMBER_ADDED, Code.DATE_CHANGED}
)
_NAMES = frozenset({Code.NAME_MISSING, Code.NAME_CHANGED})
_OMISSION = frozenset(
    {Code.SENTENCE_OMITTED, Code.TRUNCATED, Code.NAME_MISSING, Code.NUMBER_MISSING, Code.DATE_CHANGED,
     Code.QUOTE_LOST, Code.QUOTE_UNBALANCED, Code.NEGATION_LOST, Code.COUNTRY_CHANGED}
)  # fmt: skip
CORRUPTIONS = (
    Corruption("a digit is another", _digit, _NUMBERS),
    Corruption("a number is left out", _drop_number, _NUMBERS),
    Corruption("millions are thousands", _scale, _NUMBERS),
    Corruption("comma and point change places", _point, _NUMBERS),
    Corruption("another month or day", _month, _NUMBERS),
    Corruption("a name has another letter", _misspell, _NAMES),
    Corruption("a letter of a name doubled, halved", _double, _NAMES),
    Corruption("a name is another", _other_name, _NAMES),
    Corruption("a name is left out", _drop_name, _NAMES),
    Corruption("a country is another", _country, frozenset({Code.COUNTRY_CHANGED})),
    Corruption("the negation is left out", _negation, frozenset({Code.NEGATION_LOST})),
    Corruption("a negation is put in", _deny, frozenset({Code.NEGATION_ADDED})),
    Corruption("a quotation mark is left out", _mark, frozenset({Code.QUOTE_UNBALANCED})),
    Corruption("all quotation marks are left out", _marks, frozenset({Code.QUOTE_LOST})),
    Corruption("a clause is left out", _drop_clause, _OMISSION),
    Corruption("the last sentence is left out", _drop_sentence, _OMISSION),
    Corruption("the end is cut off", _cut, _OMISSION),
    Corruption("a phrase comes three times", _loop, frozenset({Code.REPETITION})),
    Corruption("the source is copied", _copy, frozenset({Code.UNTRANSLATED})),
    Corruption("a sign is left out", _sign, frozenset({Code.SIGN_LOST})),
    Corruption("an article has the other gender", _article, frozenset({Code.AGREEMENT})),
    Corruption("a word is the source's", _left, frozenset({Code.UNKNOWN_WORD})),
    Corruption("a word has another sense", _sense, frozenset({Code.SENSE_DOUBTFUL})),
    Corruption("it translates another sentence", _other_sentence, frozenset({Code.UNRELATED})),
)


def injected(
    pairs: Sequence[tuple[str, str]], languages: tuple[str, str]
) -> Iterator[tuple[str, int, int, int]]:
    """For each corruption its name, how many pairs took it, how many were caught, how many by any code.

    Caught is a flag that the pair does not have without the error.
    """
    ours, theirs = languages
    for corruption in CORRUPTIONS:
        dice, tried, caught, by_any = random.Random(SEED), 0, 0, 0
        for source, target in pairs:
            wrong = corruption.corrupt(read(source, ours), read(target, theirs), dice)
            if wrong is None or wrong == target:
                continue
            before = Counter(_codes(source, target, ours, theirs))
            new = Counter(_codes(source, wrong, ours, theirs)) - before
            tried += 1
            caught += not corruption.codes.isdisjoint(new)
            by_any += bool(new)
        yield corruption.name, tried, caught, by_any


def _codes(source: str, target: str, ours: str, theirs: str) -> Iterator[Code]:
    """The codes of all checks of what a model wrote."""
    yield from (flag.code for flag in check(source, target, ours, theirs))
    for doubt in doubtful(read(source, ours), read(target, theirs)):
        yield doubt.flag().code


def alarms(results: Sequence[Sequence[CheckFlag]]) -> None:
    """Print the share of pairs that is flagged, by code."""
    total = len(results)
    codes = Counter(code for flags in results for code in {flag.code for flag in flags})
    flagged = sum(bool(flags) for flags in results)
    errors = sum(any(f.severity is Severity.ERROR for f in flags) for flags in results)
    print(f"{total} human translations: {100 * flagged / total:.1f} % flagged, ", end="")
    print(f"{100 * errors / total:.1f} % with an error")
    for code, times in codes.most_common():
        print(f"  {code:18} {times:5} {100 * times / total:6.2f} %")


def main() -> None:
    """Print the alarms, the cost and the table of corruptions."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="path without .en and .es")
    parser.add_argument("--pair", choices=("en-es", "es-en"), default="en-es")
    parser.add_argument("--limit", type=int, help="so many pairs, evenly spread")
    parser.add_argument("--show", metavar="CODE", help="print the pairs with this code")
    arguments = parser.parse_args()
    ours, theirs = arguments.pair.split("-")
    sources, references = (
        arguments.data.with_name(f"{arguments.data.name}.{language}")
        .read_text(encoding="utf-8")
        .splitlines()
        for language in (ours, theirs)
    )
    pairs = list(zip(sources, references, strict=True))
    if arguments.limit:
        pairs = pairs[:: max(1, len(pairs) // arguments.limit)]
    check(*pairs[0], ours, theirs)  # loads the tables, and a word that is none the dictionaries
    for language in (ours, theirs):
        is_word("xqwv", language)
    read.cache_clear()
    began = time.process_time()
    results = [check(source, target, ours, theirs) for source, target in pairs]
    cost = (time.process_time() - began) / len(pairs)
    alarms(results)
    print(f"{1000 * cost:.3f} ms of processor time a pair\n")
    if arguments.show:
        for (source, target), flags in zip(pairs, results, strict=True):
            for flag in flags:
                if flag.code == arguments.show:
                    print(f"{source}\n{target}\n  {flag.message}\n")
        return
    print(f"{'injected error':34}{'tried':>6}{'caught':>9}{'by any':>9}")
    for name, tried, caught, by_any in injected(pairs, (ours, theirs)):
        share = [100 * n / tried if tried else 0.0 for n in (caught, by_any)]
        print(f"{name:34}{tried:6}{share[0]:8.1f}%{share[1]:8.1f}%")


if __name__ == "__main__":
    main()
