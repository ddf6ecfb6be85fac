"""Rerank the hypotheses of a beam with a language model of the target.

A translation model that knows too little of its target writes words that do not exist, while a lower-ranked
hypothesis has real ones (ADR 0034).
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace

from models.engines.alignment import Alignment
from models.engines.translator import (
    PLAIN,
    Decoding,
    Output,
    Translator,
)
from models.language_model import LanguageModel, embedded


class RerankingTranslator:
    """A translator that ranks hypotheses by its own score plus `weight` times the language model's.

    Both scores are mean log-probabilities, of a token and of a word. An output keeps its own score.
    """

    def __init__(self, translator: Translator, weight: float) -> None:
        """Rerank what `translator` gives; a target without a language model stays as it is."""
        self._translator = translator
        self._weight = weight

    @property
    def max_source_tokens(self) -> int:
        """The translator's."""
        return self._translator.max_source_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the translator counts."""
        return self._translator.count_tokens(texts)

    def unknown_characters(self, text: str) -> frozenset[str]:
        """The translator's."""
        return self._translator.unknown_characters(text)

    @property
    def parallel_batches(self) -> int:
        """The translator's."""
        return self._translator.parallel_batches

    @property
    def pays_for_padding(self) -> bool:
        """Whether the translator does."""
        return self._translator.pays_for_padding

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, decoding: Decoding = PLAIN
    ) -> list[Output]:
        """Translate a batch, as `Translator.translate` says."""
        return next(self.stream([texts], source=source, target=target, decoding=decoding))

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Generator[list[Output], None, None]:
        """Translate many batches, as `Translator.stream` says: the engine decodes while this scores."""
        begun: deque[Sequence[str]] = deque()

        def taken() -> Iterator[Sequence[str]]:
            for texts in batches:
                begun.append(texts)
                yield texts

        language = embedded(target)
        for outputs in self._translator.stream(
            taken(), source=source, target=target, decoding=decoding
        ):
            texts = begun.popleft()
            yield [
                reranked(text, output, language, self._weight) if language else output
                for text, output in zip(texts, outputs, strict=True)
            ]

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """As the translator aligns."""
        return self._translator.align(sources, translations, source=source, target=target)

    def close(self) -> None:
        """Close the translator."""
        self._translator.close()


def reranked(text: str, output: Output, language: LanguageModel, weight: float) -> Output:
    """Return the output with its hypotheses in a new order; truncated ones come last."""
    hypotheses = [replace(output, alternatives=()), *output.alternatives]
    if len(hypotheses) == 1 or any(one.score is None for one in hypotheses):
        return output

    def worth(one: Output) -> tuple[bool, float]:
        return not one.truncated, (one.score or 0.0) + weight * language.score(one.text, text)

    best, *others = sorted(hypotheses, key=worth, reverse=True)
    return replace(best, alternatives=tuple(others))
