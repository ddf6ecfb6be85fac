"""What a translation is measured by: BLEU, chrF, the numbers and names that are kept, and its words."""

import re
from collections.abc import Sequence

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from models.language_model import LanguageModel, embedded, tokens

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_NAME = re.compile(r"(?<=[a-zà-ÿ,;] )[A-ZÀ-Þ][\w'’-]+")
_WORDS = {
    "es": "cero un|uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte",
    "en": "zero one|a two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
}


def numbers(text: str) -> set[str]:
    """The numbers of a text, by their digits alone: 1,800 and 1.800 are the same."""
    return {re.sub(r"\D", "", number) for number in _NUMBER.findall(text)}


def keeps_numbers(source: str, output: str, target: str) -> bool:
    """Whether every number of the source is in the output, in digits or, to twenty, in words."""
    told = numbers(output)
    words = set(re.findall(r"\w+", output.lower()))
    for number in numbers(source) - told:
        names = _WORDS[target].split()
        value = int(number)
        if value >= len(names) or words.isdisjoint(names[value].split("|")):
            return False
    return True


def names(source: str, reference: str) -> set[str]:
    """Capitalised words inside the source's sentences that the reference keeps as they are."""
    return {name for name in _NAME.findall(source) if name in reference}


def figures(
    sources: Sequence[str], references: Sequence[str], outputs: Sequence[str], target: str
) -> dict[str, float]:
    """BLEU, chrF, and the shares (0 to 100) of lines with all numbers and of names kept."""
    numbered = [
        keeps_numbers(source, output, target)
        for source, output in zip(sources, outputs, strict=True)
        if numbers(source)
    ]
    kept = [
        name in output
        for source, reference, output in zip(sources, references, outputs, strict=True)
        for name in names(source, reference)
    ]
    return {
        "bleu": round(BLEU().corpus_score(outputs, [references]).score, 2),
        "chrf": round(CHRF().corpus_score(outputs, [references]).score, 2),
        "numbers": round(100 * _mean(numbered), 1),
        "names": round(100 * _mean(kept), 1),
    }


def fluency(
    sources: Sequence[str], references: Sequence[str], outputs: Sequence[str], target: str
) -> dict[str, float]:
    """Unknown words in a thousand, the language model's mean score of a word, and the length.

    The length is a share of the references'. For a target without a language model it is all there is.
    """
    length = sum(map(len, outputs)) / sum(map(len, references))
    language = embedded(target)
    if language is None:
        return {"length": length}
    scores = [
        language.score(output, source) for source, output in zip(sources, outputs, strict=True)
    ]
    return {
        "unknown": unknown(language, sources, outputs),
        "fluency": sum(scores) / len(scores),
        "length": length,
    }


def unknown(language: LanguageModel, sources: Sequence[str], outputs: Sequence[str]) -> float:
    """How many of a thousand words are neither in the language model nor in the source."""
    words = strange = 0
    for source, output in zip(sources, outputs, strict=True):
        copied = {word.lower() for word in tokens(source)}
        own = [token for token in tokens(output) if token[0].isalpha()]
        words += len(own)
        strange += sum(not language.knows(w) and w.lower() not in copied for w in own)
    return 1000 * strange / max(words, 1)


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0
