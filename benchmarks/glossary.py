"""Terms that come out right with a glossary and without: `python -m benchmarks.glossary --data DATA`.

The glossary has what the references of newstest2010 and newstest2011 translate in one way: for one to
three English words, the Spanish words that occur in the same sentences (Dice coefficient at least
`LEAST`). Translated are sentences whose references have the terms, first without the glossary and then
with it. Printed are the term occurrences that are right in each, those that are flagged and not, and chrF
against the references.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from sacrebleu.metrics.chrf import CHRF

from models.routes import route
from pipeline.checked import Checked
from pipeline.checks import Code
from pipeline.checks.lexicon import FUNCTION_WORDS
from pipeline.decode import Input
from pipeline.glossary.kept import missing
from pipeline.glossary.matching import Found, find, lemma
from pipeline.glossary.terms import Term
from pipeline.requests import Effort
from service.settings import Settings
from workers.resident import pipeline_of

SOURCE, TARGET = "en", "es"
LEAST = 0.7
OCCURRENCES = 3
"""How often a term occurs at least in both languages."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence with its reference, and the terms that both have."""

    source: str
    reference: str
    found: Sequence[Found]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.glossary", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of texts")
    parser.add_argument("--occurrences", type=int, default=500, help="so many, or all there are")
    parser.add_argument("--effort", choices=get_args(Effort), default="best")
    parser.add_argument("--seed", type=int, default=26)
    arguments = parser.parse_args()
    sources, references = (
        [
            line
            for stem in ("dev/newstest2011", "parallel/newstest2010")
            for line in Path(arguments.data, f"{stem}.{language}")
            .read_text(encoding="utf-8")
            .splitlines()
        ]
        for language in (SOURCE, TARGET)
    )
    terms = glossary(sources, references)
    samples = chosen(sources, references, terms, arguments.occurrences, arguments.seed)
    asked = sum(len(sample.found) for sample in samples)
    print(f"{len(terms)} terms; {len(samples)} sentences with {asked} occurrences")
    pipeline = pipeline_of(Settings(), Settings().load_catalogue())
    for name, with_terms in (("without", False), ("with", True)):
        checked = pipeline.decoder.decode_and_check(
            route(pipeline.decoder.catalogue, SOURCE, TARGET, None),
            [Input(one.source, _terms(one) if with_terms else ()) for one in samples],
            pipeline.house.names,
            arguments.effort,
            lambda _done, _total: None,
        )
        print(f"{name:8}", figures(samples, checked))


def figures(samples: Sequence[Sample], checked: Sequence[Checked]) -> dict[str, float]:
    """The figures of a set of translations."""
    wrong = [list(missing(c.text, s.found, TARGET)) for s, c in zip(samples, checked, strict=True)]
    flagged = sum(flag.code is Code.TERM_MISSING for one in checked for flag in one.flags)
    lost = sum(map(len, wrong))
    texts, references = [one.text for one in checked], [one.reference for one in samples]
    return {
        "right": sum(len(sample.found) for sample in samples) - lost,
        "wrong": lost,
        "flagged": flagged,
        "chrF": round(CHRF().corpus_score(texts, [references]).score, 2),
    }


def chosen(
    sources: Sequence[str],
    references: Sequence[str],
    terms: Sequence[Term],
    occurrences: int,
    seed: int,
) -> list[Sample]:
    """Sentences at random that have so many terms together, of those whose references have them."""
    places = list(range(len(sources)))
    random.Random(seed).shuffle(places)
    samples: list[Sample] = []
    count = 0
    for place in places:
        found = find(sources[place], terms, SOURCE)
        if found and not list(missing(references[place], found, TARGET)):
            samples.append(Sample(sources[place], references[place], found))
            count += len(found)
        if count >= occurrences:
            break
    return samples


def glossary(sources: Sequence[str], references: Sequence[str]) -> list[Term]:
    """The terms that the references translate in one way, the most frequent first."""
    where, there = (
        _places(texts, language) for texts, language in ((sources, SOURCE), (references, TARGET))
    )
    by_line: dict[int, list[str]] = defaultdict(list)
    for phrase, places in there.items():
        for place in places:
            by_line[place].append(phrase)
    terms = []
    for phrase, places in sorted(where.items(), key=lambda one: (-len(one[1]), one[0])):
        beside = Counter(other for place in places for other in by_line[place])
        dice = {o: 2 * n / (len(places) + len(there[o])) for o, n in beside.items()}
        best = max(dice, key=lambda o: (dice[o], len(o)), default=None)
        if best is not None and dice[best] >= LEAST:
            terms.append(Term(source=phrase, target=best))
    return terms


def _places(texts: Sequence[str], language: str) -> dict[str, set[int]]:
    """The phrases that occur often enough, each with the lines that it is in."""
    places: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for phrase in _phrases(text, language):
            places[phrase].add(number)
    return {phrase: lines for phrase, lines in places.items() if len(lines) >= OCCURRENCES}


def _phrases(text: str, language: str) -> Iterator[str]:
    words = [word.strip(".,;:()“”\"'") for word in text.split()]
    small = FUNCTION_WORDS[language]
    for size in (1, 2, 3):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            if not all(run) or run[0].lower() in small or run[-1].lower() in small:
                continue
            if all(word.replace("-", "").isalpha() for word in run) and any(
                lemma(word, language) != word or len(word) > 4 for word in run
            ):
                yield " ".join(run)


def _terms(sample: Sample) -> tuple[Term, ...]:
    return tuple(term for found in sample.found for term in found.terms)


if __name__ == "__main__":
    main()
